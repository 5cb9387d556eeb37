"""Where each page is."""

from django.urls import path

from payerbots.console.views import (
    audit,
    documents,
    errors,
    exceptions,
    item,
    kpis,
    portals,
    queues,
    runs,
    schedules,
    sign_in,
    today,
)

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken

urlpatterns = [
    path("", today.today, name="today"),
    path("exceptions", exceptions.exceptions, name="exceptions"),
    path("exceptions/decide", exceptions.decide_many, name="decide-many"),
    path("exceptions/views", exceptions.save_view, name="save-view"),
    path("exceptions/views/<int:number>/forget", exceptions.forget_view, name="forget-view"),
    path("items/<int:number>", item.item, name="item"),
    path("items/<int:number>/decide", item.decide_one, name="decide"),
    path("items/<int:number>/evidence/<int:which>", item.evidence, name="evidence"),
    path("items/<int:number>/evidence/<int:which>/source", item.source, name="source"),
    path("cases/<str:kind>/<int:number>", item.case, name="case"),
    path("cases/<str:kind>/<int:number>/decide", item.decide_case, name="decide-case"),
    path("runs", runs.runs, name="runs"),
    path("runs/<int:number>", runs.run, name="run"),
    path("portals", portals.portals, name="portals"),
    path("portals/<str:name>/pause", portals.pause, name="pause"),
    path("portals/<str:name>/resume", portals.resume, name="resume"),
    path("portals/<str:name>/code", portals.code, name="code"),
    path("schedules", schedules.schedules, name="schedules"),
    path("schedules/<str:name>/pause", schedules.pause, name="schedule-pause"),
    path("schedules/<str:name>/resume", schedules.resume, name="schedule-resume"),
    path("schedules/<str:name>/start", schedules.start, name="schedule-start"),
    path("kpis", kpis.kpis, name="kpis"),
    path("queues", queues.queues, name="queues"),
    path("queues/<str:name>/resend", queues.resend, name="resend"),
    path("documents", documents.documents, name="documents"),
    path("documents/<int:number>", documents.document, name="document"),
    path("audit", audit.audit, name="audit"),
    path("account", sign_in.account, name="account"),
    path("account/password", sign_in.new_password, name="new-password"),
    path("account/authenticator", sign_in.authenticator, name="authenticator"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.second_step, name="second-step"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("enter/<str:token>", sign_in.enter, name="enter"),
]
