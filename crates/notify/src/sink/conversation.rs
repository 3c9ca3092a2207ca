use std::{io, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::{At, Behavior, Received, Shared};

/// A command line and a whole message, at most (RFC 5321 asks for 512 bytes and 64 KiB at least).
const LINE: u64 = 4096;
const MESSAGE: usize = 10 * 1024 * 1024;

pub(super) async fn hold(stream: TcpStream, shared: Arc<Shared>) {
    let (read, write) = stream.into_split();
    let mut conversation =
        Conversation { read: BufReader::new(read), write, shared, from: None, to: Vec::new() };
    // A client that goes away is its own business.
    let _ = conversation.run().await;
}

struct Conversation {
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
    shared: Arc<Shared>,
    from: Option<String>,
    to: Vec<String>,
}

impl Conversation {
    async fn run(&mut self) -> io::Result<()> {
        self.answer(At::Greeting, "220 sink.invalid ESMTP").await?;
        loop {
            let line = self.line().await?;
            let line = line.trim_end();
            let upper = line.to_ascii_uppercase();
            if upper.starts_with("EHLO") || upper.starts_with("HELO") {
                self.reset();
                self.answer(At::Hello, "250-sink.invalid\r\n250-8BITMIME\r\n250 SMTPUTF8").await?;
            } else if upper.starts_with("MAIL FROM:") {
                self.reset();
                self.from = Some(address(line));
                self.answer(At::MailFrom, "250 2.1.0 ok").await?;
            } else if upper.starts_with("RCPT TO:") {
                self.recipient(line).await?;
            } else if upper == "DATA" {
                self.data().await?;
            } else if upper == "RSET" || upper == "NOOP" {
                if upper == "RSET" {
                    self.reset();
                }
                self.write.write_all(b"250 2.0.0 ok\r\n").await?;
            } else if upper == "QUIT" {
                return self.write.write_all(b"221 2.0.0 bye\r\n").await;
            } else {
                self.write.write_all(b"500 5.5.1 unknown command\r\n").await?;
            }
        }
    }

    async fn recipient(&mut self, line: &str) -> io::Result<()> {
        if self.from.is_none() {
            return self.write.write_all(b"503 5.5.1 MAIL first\r\n").await;
        }
        if self.answer(At::RcptTo, "250 2.1.5 ok").await? {
            self.to.push(address(line));
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<()> {
        if self.to.is_empty() {
            return self.write.write_all(b"503 5.5.1 RCPT first\r\n").await;
        }
        if !self.answer(At::Data, "354 go on").await? {
            return Ok(());
        }
        let raw = self.message().await?;
        let message =
            Received { from: self.from.take().unwrap_or_default(), to: std::mem::take(&mut self.to), raw };
        if self.shared.behavior() == Behavior::KeepThenDrop {
            self.shared.keep(message);
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        // Kept before it is acknowledged, as a real receiver does.
        let refused = matches!(
            self.shared.behavior(),
            Behavior::Reply(At::EndOfData, _) | Behavior::Hang(At::EndOfData) | Behavior::Drop(At::EndOfData)
        );
        if !refused {
            self.shared.keep(message);
        }
        self.answer(At::EndOfData, "250 2.0.0 kept").await.map(|_| ())
    }

    /// Answers, or does what was ordered for this place; whether it was the good answer.
    async fn answer(&mut self, at: At, good: &str) -> io::Result<bool> {
        let (line, accepted) = match self.shared.behavior() {
            Behavior::Reply(place, line) if place == at => (line, false),
            Behavior::Hang(place) if place == at => std::future::pending().await,
            Behavior::Drop(place) if place == at => return Err(io::ErrorKind::ConnectionAborted.into()),
            _ => (good.to_owned(), true),
        };
        self.write.write_all(format!("{line}\r\n").as_bytes()).await?;
        Ok(accepted)
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let count = (&mut self.read).take(LINE).read_line(&mut line).await?;
        if count == 0 || !line.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line)
    }

    async fn message(&mut self) -> io::Result<Vec<u8>> {
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            let room = MESSAGE.saturating_sub(message.len()) as u64;
            (&mut self.read).take(room).read_until(b'\n', &mut line).await?;
            if line.last() != Some(&b'\n') {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if line == b".\r\n" {
                return Ok(message);
            }
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let after = line.split_once('<').map_or("", |(_, rest)| rest);
    after.split_once('>').map_or("", |(address, _)| address).to_owned()
}
