'use strict';

/** Records of a CSV text: the fields, and the line on which each begins. */
function records(text) {
  const found = [];
  let fields = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let begin = 1;
  const end = () => {
    fields.push(field);
    found.push({ fields, line: begin });
    fields = [];
    field = '';
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') line++;
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        field += '"';
        i++;
      } else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"' && field === '') quoted = true;
    else if (c === ',') {
      fields.push(field);
      field = '';
    } else if (c === '\n' || (c === '\r' && text[i + 1] === '\n')) {
      if (c === '\r') {
        i++;
        line++;
      }
      end();
      begin = line;
    } else field += c;
  }
  if (text !== '' && !text.endsWith('\n')) end();
  return found;
}

/** The columns, and the rows as objects. Throws where a row has another number of fields. */
function table(text) {
  const [head, ...rest] = records(text);
  const columns = head ? head.fields : [];
  const rows = rest.map(({ fields, line }) => {
    if (fields.length !== columns.length) {
      throw new Error(`line ${line}: expected ${columns.length} fields, found ${fields.length}`);
    }
    return Object.fromEntries(columns.map((name, i) => [name, fields[i]]));
  });
  return { columns, rows };
}

/** The rows of a CSV text as objects by column. */
function parse(text) {
  return table(text).rows;
}
parse.table = table;

module.exports = { parse };
