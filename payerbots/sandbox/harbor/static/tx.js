var timer = null;
function closeMenus() {
  var all = document.getElementsByTagName("div");
  for (var i = 0; i < all.length; i++) if (all[i].className == "sub") all[i].style.display = "none";
}
function over(id) {
  clearTimeout(timer);
  closeMenus();
  document.getElementById(id).style.display = "block";
}
function out() {
  timer = setTimeout(closeMenus, 700);
}
function openWindow(link, name, width, height) {
  var opened = window.open(link.href, name, "width=" + width + ",height=" + height + ",scrollbars=yes,resizable=yes");
  if (opened) opened.focus();
  return false;
}
function getFile(link, clicks) {
  if (clicks > 1) setTimeout(function () {
    var again = document.createElement("iframe");
    again.style.display = "none";
    again.src = link.href + "&again=1";
    document.body.appendChild(again);
  }, 150);
  return true;
}
function setDate(year, month, day) {
  var form = document.dateForm;
  form.year.value = year;
  form.month.value = month;
  form.day.value = day;
}
function pick(year, month, day) {
  if (window.opener && !window.opener.closed) window.opener.setDate(year, month, day);
  window.close();
}
function closeBulletin() {
  document.getElementById("bulletin").style.display = "none";
  document.getElementById("shade").style.display = "none";
}
