use countersign_text::{Indent, width, wrap_indented};
use minijinja::{Environment, Error, Value};

/// RFC 5322 asks for 78, mail programs that quote need the rest.
const COLUMNS: usize = 72;
/// Where values start.
const VALUE: usize = 18;

/// `para`: wraps a paragraph. `fact`: one row, label and value. `rule`: underlines a title.
pub(super) fn add_filters(templates: &mut Environment<'_>) {
    templates.add_filter("para", |text: &str| wrap_indented(text, COLUMNS, Indent::default()));
    templates.add_filter("rule", |text: &str, sign: &str| {
        let wrapped = wrap_indented(text, COLUMNS, Indent::default());
        let wide = wrapped.lines().map(width).max().unwrap_or(0);
        format!("{wrapped}\n{}", sign.repeat(wide))
    });
    templates.add_filter("fact", fact);
}

fn fact(row: &Value) -> Result<String, Error> {
    let get = |name: &str| Ok::<_, Error>(row.get_attr(name)?.to_string());
    let (label, value, style) = (get("label")?, get("value")?, get("style")?);
    if style == "quote" {
        let head = wrap_indented(&format!("{label}:"), COLUMNS, Indent { first: "  ", rest: "    " });
        let words = wrap_indented(&value, COLUMNS, Indent { first: "  > ", rest: "  > " });
        return Ok(format!("{head}\n{words}"));
    }
    let rest = " ".repeat(VALUE);
    let first = format!("  {label}: ");
    let pad = VALUE.saturating_sub(width(&first));
    if width(&first) <= VALUE {
        let first = format!("{first}{}", " ".repeat(pad));
        return Ok(wrap_indented(&value, COLUMNS, Indent { first: &first, rest: &rest }));
    }
    // A long name, such as a parameter's, gets lines of its own.
    let head = wrap_indented(&format!("{label}:"), COLUMNS, Indent { first: "  ", rest: "    " });
    Ok(format!("{head}\n{}", wrap_indented(&value, COLUMNS, Indent { first: &rest, rest: &rest })))
}
