// Reads a record of named fields from the page in one evaluation.
// Returns {fields: {name: {value, used}}, tables: {name: {rows: [{name, used, values}], used, columns}}};
// `used` is the candidate's place in its list, -1 where none was found. Only what a person sees is read.
// A table is a <table>, or an ARIA grid of rows and cells.
(wanted) => {
  const document = wanted.frame.reduce((inner, name) => inner.frames[name], window).document;
  const tidy = (text) => (text || "").replace(/\s+/g, " ").trim();
  const key = (text) => tidy(text).replace(/\s*[:*]+$/, "").toLowerCase();
  const seen = (element) => element.getClientRects().length > 0;
  const valueOf = (element) =>
    element.matches("input, textarea, select") ? tidy(element.value) : tidy(element.innerText);
  const labels = [...document.querySelectorAll("dt, th, label")].filter(seen);

  const besideLabel = (label) => {
    if (label.tagName === "DT") {
      let next = label.nextElementSibling;
      while (next && next.tagName !== "DD") next = next.nextElementSibling;
      return next;
    }
    if (label.tagName === "TH") return label.parentElement.querySelector("td");
    return label.control || label.nextElementSibling;
  };

  const fieldBy = (candidate) => {
    if (candidate.css) return [...document.querySelectorAll(candidate.css)].find(seen);
    const name = key(candidate.label);
    for (const label of labels) {
      if (key(label.innerText) !== name) continue;
      const value = besideLabel(label);
      if (value && seen(value)) return value;
    }
    return undefined;
  };

  const headersOf = (table) => {
    const inHead = [...table.querySelectorAll("thead th, [role=columnheader]")];
    const cells = inHead.length ? inHead : [...(table.rows && table.rows[0] ? table.rows[0].children : [])];
    return cells.map((cell) => key(cell.innerText));
  };

  const rowsOf = (table) => {
    if (!table.rows) {
      const rows = [...table.querySelectorAll("[role=row]")].filter((row) => !row.querySelector("[role=columnheader]"));
      return rows.map((row) => [row, [...row.querySelectorAll("[role=gridcell], [role=cell], [role=rowheader]")]]);
    }
    const heading = table.tHead ? undefined : table.rows[0];
    const rows = [...table.querySelectorAll("tbody tr")].filter((row) => row !== heading);
    return rows.map((row) => [row, [...row.children]]);
  };

  const rowName = (row, names) => {
    const heading = key((row.querySelector("th") || row.children[0] || row).innerText);
    for (const [name, texts] of Object.entries(names)) {
      const used = texts.map(key).indexOf(heading);
      if (used >= 0) return { name, used };
    }
    return { name: null, used: -1 };
  };

  const tableBy = (candidate) =>
    [...document.querySelectorAll(candidate.css || "table, [role=grid], [role=table]")].find(
      (table) => seen(table) && (candidate.css || headersOf(table).includes(key(candidate.header)))
    );

  const firstOf = (candidates, find) => {
    for (const [used, candidate] of candidates.entries()) {
      const found = find(candidate);
      if (found !== undefined && found !== null && found !== -1) return { found, used };
    }
    return { found: undefined, used: -1 };
  };

  const readTable = (wantedTable) => {
    const { found: table, used } = firstOf(wantedTable.table, tableBy);
    if (!table) return { rows: null, used, columns: {} };
    const headers = headersOf(table);
    const places = {};
    for (const [name, candidates] of Object.entries(wantedTable.columns)) {
      places[name] = firstOf(candidates, (candidate) =>
        candidate.header ? headers.indexOf(key(candidate.header)) : -1
      );
    }
    const rows = rowsOf(table).filter(([row]) => seen(row)).map(([row, cells]) => {
      const values = Object.entries(places).map(([name, place]) => [
        name,
        place.used < 0 || !cells[place.found] ? null : valueOf(cells[place.found]) || null,
      ]);
      return { ...rowName(row, wantedTable.rows), values: Object.fromEntries(values) };
    });
    return { rows, used, columns: Object.fromEntries(Object.entries(places).map(([n, p]) => [n, p.used])) };
  };

  const fields = {};
  for (const [name, candidates] of Object.entries(wanted.fields)) {
    const { found, used } = firstOf(candidates, fieldBy);
    fields[name] = { value: found ? valueOf(found) || null : null, used };
  }
  const tables = {};
  for (const [name, table] of Object.entries(wanted.tables)) tables[name] = readTable(table);
  return { fields, tables };
}
