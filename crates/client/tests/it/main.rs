//! The client against a server that misbehaves.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use countersign_client::{Client, ClientError, Options, Secret};

/// A server that answers each connection with the next of these texts, or closes it; gives the requests it got.
fn server(answers: Vec<Option<String>>) -> (Client, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            requests.push(request(&mut stream));
            if let Some(answer) = answer {
                stream.write_all(answer.as_bytes()).unwrap();
            }
        }
        requests
    };
    let options = Options { credential: Some(Secret::new("css_secret")), ..Options::default() };
    (Client::new(url.parse().unwrap(), options).unwrap(), std::thread::spawn(serve))
}

/// Head and body of one request.
fn request(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0_u8; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap();
        text.push_str(&String::from_utf8_lossy(buffer.get(..read).unwrap()));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = header(head, "content-length").map_or(0, |length| length.parse().unwrap());
        if body.len() >= length {
            return text;
        }
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    lines
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
}

fn answer(status: &str, kind: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    ))
}

#[test]
fn a_change_without_answer_is_sent_once_more_with_the_same_key() {
    let (client, server) = server(vec![None, answer("200 OK", "application/json", "{}")]);
    client.cancel("R-1").unwrap();
    let requests = server.join().unwrap();
    let keys: Vec<_> = requests.iter().map(|request| header(request, "idempotency-key").unwrap()).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys.first(), keys.last(), "another key would be another change");
    assert_eq!(header(requests.first().unwrap(), "authorization").as_deref(), Some("Bearer css_secret"));
}

#[test]
fn a_change_without_answer_twice_is_unknown_not_failed() {
    let (client, server) = server(vec![None, None]);
    let error = client.cancel("R-1").unwrap_err();
    assert!(matches!(error, ClientError::NoAnswer { .. }), "{error:?}");
    assert_eq!(server.join().unwrap().len(), 2);
}

#[test]
fn what_was_never_reached_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}").parse().unwrap();
    let error = Client::new(url, Options::default()).unwrap().cancel("R-1").unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
}

#[test]
fn problems_are_read_by_their_members_and_anything_else_is_said_plainly() {
    let body = r#"{"type":"urn:x","title":"t","status":409,"code":"already_final","detail":"It is over.","hint":"h","new":1}"#;
    let (client, _server) = server(vec![
        answer("409 Conflict", "application/problem+json", body),
        answer("502 Bad Gateway", "text/html", "<h1>"),
    ]);
    let error = client.cancel("R-1").unwrap_err();
    let problem = error.problem().unwrap();
    assert_eq!(
        (problem.code.as_str(), problem.status, problem.hint.as_deref()),
        ("already_final", 409, Some("h"))
    );
    let error = client.cancel("R-1").unwrap_err();
    let problem = error.problem().unwrap();
    assert_eq!((problem.code.as_str(), problem.status), ("unexpected_answer", 502));
}

#[test]
fn a_redirect_is_not_followed_with_a_session_in_hand() {
    let away = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let (client, server) = server(vec![Some(away.to_owned())]);
    assert_eq!(client.me().unwrap_err().problem().unwrap().status, 302);
    assert_eq!(server.join().unwrap().len(), 1);
}

#[test]
fn output_that_breaks_off_is_an_error_and_no_end() {
    let line = r#"{"stream":"stdout","offset":0,"data":"aGVsbG8="}"#;
    let (client, _server) = server(vec![answer("200 OK", "application/x-ndjson", &format!("{line}\n"))]);
    let lines: Vec<_> = client.output("x-1").unwrap().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.first().unwrap().is_ok());
    assert!(lines.last().unwrap().is_err(), "nobody takes a part for the whole");
}
