use mail_parser::MessageParser;

/// One message as it came in.
#[derive(Clone, Debug)]
pub struct Received {
    /// Of the envelope, without angle brackets.
    pub from: String,
    pub to: Vec<String>,
    /// The message, dots unstuffed.
    pub raw: Vec<u8>,
}

impl Received {
    /// The decoded value of the first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(&self.raw)?;
        let value = message.header(name)?;
        value
            .as_text()
            .map(str::to_owned)
            .or_else(|| message.header_raw(name).map(|raw| raw.trim().to_owned()))
    }

    /// The names of all headers, in order.
    #[must_use]
    pub fn header_names(&self) -> Vec<String> {
        let message = MessageParser::default().parse(&self.raw);
        message.iter().flat_map(|m| m.headers().iter().map(|header| header.name().to_owned())).collect()
    }

    #[must_use]
    pub fn subject(&self) -> Option<String> {
        MessageParser::default().parse(&self.raw)?.subject().map(str::to_owned)
    }

    /// The decoded plain text, lines ending in `\n`.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        Some(MessageParser::default().parse(&self.raw)?.body_text(0)?.replace("\r\n", "\n"))
    }

    /// The decoded HTML, lines ending in `\n`.
    #[must_use]
    pub fn html(&self) -> Option<String> {
        Some(MessageParser::default().parse(&self.raw)?.body_html(0)?.replace("\r\n", "\n"))
    }
}
