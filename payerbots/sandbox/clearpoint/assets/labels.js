// Words of the page. The redesign (layout 2) has others.
export const layout = Number(document.documentElement.dataset.layout || 1);

const WORDS = {
  user: ["User ID", "Username"],
  password: ["Password", "Passphrase"],
  sign_in: ["Sign in", "Continue"],
  code: ["Verification code", "Security code"],
  verify: ["Verify", "Confirm code"],
  nav_home: ["Dashboard", "Overview"],
  nav_reports: ["Reports", "Mailbox"],
  nav_rejections: ["Rejections", "Worklist"],
  find: ["Find a claim", "Search claim number"],
  apply: ["Apply", "Update list"],
  edit: ["Edit claim", "Correct claim"],
  save: ["Save draft", "Save changes"],
  submit: ["Submit claim", "Review and submit"],
  submit_now: ["Submit now", "Send claim"],
  cancel: ["Discard changes", "Leave editor"],
  tab_patient: ["Patient & subscriber", "Subscriber"],
  tab_provider: ["Provider", "Billing & providers"],
  tab_claim: ["Claim", "Claim details"],
  tab_lines: ["Service lines", "Lines"],
  tab_attachments: ["Attachments / CMN", "Certificates"],
  tab_history: ["History", "Activity"],
  tab_summary: ["Summary", "Claim overview"],
  download: ["Download", "Get file"],
  control: ["Claim number", "Patient control no."],
  status: ["Status", "Worklist status"],
  payer: ["Payer", "Payer name"],
  patient: ["Patient", "Patient name"],
  member_id: ["Member ID", "Subscriber ID"],
  served_on: ["Service date", "From date"],
  charge: ["Charge", "Total charge"],
  codes: ["Status codes", "Category:code:entity"],
  reason: ["Reason", "Explanation"],
  source: ["Source", "Rejected by"],
  rejected_at: ["Rejected", "Rejected at"],
  times: ["Times rejected", "Rejections"],
  version: ["Rev.", "Revision"],
};

export const t = (key) => (WORDS[key] || [key, key])[layout === 2 ? 1 : 0];

export const FIELDS = {
  payer_id: ["Payer ID", "Payer identifier"],
  payer_name: ["Payer name", "Payer name"],
  "subscriber.member_id": ["Member ID", "Subscriber ID"],
  "subscriber.last": ["Last name", "Last name"],
  "subscriber.first": ["First name", "First name"],
  "subscriber.middle": ["Middle", "Middle"],
  "subscriber.suffix": ["Suffix", "Suffix"],
  "subscriber.birth_date": ["Date of birth", "Birth date"],
  "subscriber.sex": ["Sex", "Sex"],
  "subscriber.street": ["Street", "Street"],
  "subscriber.city": ["City", "City"],
  "subscriber.state": ["State", "State"],
  "subscriber.zip": ["ZIP code", "ZIP code"],
  "billing.name": ["Billing provider", "Billing provider"],
  "billing.npi": ["Billing NPI", "Billing NPI"],
  "billing.tax_id": ["Tax ID", "Tax ID"],
  "billing.street": ["Billing street", "Billing street"],
  "billing.city": ["Billing city", "Billing city"],
  "billing.state": ["Billing state", "Billing state"],
  "billing.zip": ["Billing ZIP", "Billing ZIP+4"],
  "rendering.npi": ["Rendering NPI", "Rendering NPI"],
  "ordering.last": ["Ordering provider last name", "Ordering last name"],
  "ordering.first": ["Ordering provider first name", "Ordering first name"],
  "ordering.npi": ["Ordering NPI", "Ordering NPI"],
  "claim.place": ["Place of service", "Place of service"],
  "claim.frequency": ["Frequency", "Frequency"],
  "claim.diagnoses": ["Diagnosis codes", "Diagnoses"],
  "claim.charge": ["Total charge", "Total charge"],
};

const OF_LINE = { hcpcs: "HCPCS", modifiers: "modifiers", charge: "charge", units: "units", from: "from", to: "to", pointers: "pointers", certificate: "certificate" };

export function fieldLabel(name) {
  const line = /^line\.(\d+)\.(\w+)$/.exec(name);
  if (line) return `Line ${line[1]} ${OF_LINE[line[2]]}`;
  return (FIELDS[name] || [name, name])[layout === 2 ? 1 : 0];
}
