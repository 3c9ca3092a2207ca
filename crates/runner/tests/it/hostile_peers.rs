//! Who may speak to the runner, and what happens to nonsense.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use countersign_runner::RunnerClient;
use countersign_runner::client::ClientError;
use countersign_runner::protocol::{self, FromRunner, ToRunner};

use crate::support::*;

async fn refusal(runner: &Runner) -> String {
    match RunnerClient::connect(&runner.socket(), "test").await {
        Err(error @ ClientError::Refused { .. }) => code_of(&error),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("let in"),
    }
}

#[tokio::test]
async fn only_the_server_s_user_is_let_in() {
    let runner = Runner::with(As::Tester, EVERYTHING, 54321, |_| {});
    if is_root() {
        assert_eq!(refusal(&runner).await, "peer_not_allowed");
    } else {
        // The socket's mode keeps nobody out who has the runner's user; the kernel's word does.
        assert_eq!(refusal(&runner).await, "peer_not_allowed");
    }
}

#[tokio::test]
async fn the_socket_is_closed_to_all_others_by_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let runner = Runner::start(As::Tester);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&runner.socket()), 0o600);
    assert_eq!(mode(runner.socket().parent().unwrap()), 0o700);
}

#[tokio::test]
async fn a_second_server_is_refused_while_the_first_is_there() {
    let runner = Runner::start(As::Tester);
    let first = runner.connect().await;
    assert_eq!(refusal(&runner).await, "runner_busy");
    assert_eq!(run(&first.client, shell("echo still")).await.text(), "still\n");
    drop(first);
    wait_for("the runner is free", || UnixStream::connect(runner.socket()).is_ok());
}

#[tokio::test]
async fn garbage_is_refused_and_harms_nobody() {
    let mut runner = Runner::start(As::Tester);
    let hello =
        protocol::encode(&ToRunner::Hello { version: protocol::VERSION, digest: "t".to_owned() }).unwrap();
    let framed = |json: &[u8]| [&u32::try_from(json.len()).unwrap().to_be_bytes()[..], json].concat();
    let after_hello = |bytes: Vec<u8>| [hello.clone(), bytes].concat();
    let cases: Vec<(Vec<u8>, Option<&str>)> = vec![
        (vec![0xff; 64], Some("frame_too_large")),
        (framed(b"{}"), Some("frame_malformed")),
        (framed(&[0xff, 0xfe, 0x00]), Some("frame_malformed")),
        (framed(br#"{"health":{}}"#), Some("hello_expected")),
        (framed(br#"{"hello":{"version":99,"digest":"d"}}"#), Some("version_mismatch")),
        (after_hello(vec![0x00, 0x10, 0x00, 0x01]), Some("frame_too_large")),
        (after_hello(framed(&b"[".repeat(1_000_000))), Some("frame_malformed")),
        (after_hello(framed(br#"{"start":{"execution":"x"}}"#)), Some("frame_malformed")),
        (after_hello(hello.clone()), Some("frame_malformed")),
        (after_hello(vec![0, 0, 0, 50, b'{']), Some("connection_lost")),
        (Vec::new(), None),
    ];
    for (bytes, code) in cases {
        let answers = converse(&runner, &bytes);
        let refused = answers.iter().find_map(|frame| match frame {
            FromRunner::Refused { code, .. } => Some(code.as_str()),
            _ => None,
        });
        assert_eq!(refused, code, "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
        assert!(runner.lives());
    }
    let client = runner.connect().await.client;
    assert_eq!(run(&client, shell("echo alive")).await.text(), "alive\n");
}

fn converse(runner: &Runner, bytes: &[u8]) -> Vec<FromRunner> {
    // The last session may take a moment to end.
    for _ in 0..100 {
        let mut stream = UnixStream::connect(runner.socket()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let mut frames = Vec::new();
        let mut rest = answer.as_slice();
        while let Ok(Some(frame)) = protocol::read(&mut rest) {
            frames.push(frame);
        }
        let busy =
            |frame: &FromRunner| matches!(frame, FromRunner::Refused { code, .. } if code == "runner_busy");
        if !frames.iter().any(busy) {
            return frames;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the runner stays busy");
}

#[tokio::test]
async fn many_cut_and_mangled_orders_never_run_or_panic() {
    let mut runner = Runner::start(As::Tester);
    let mark = runner.place.path().join("mark");
    let hello =
        protocol::encode(&ToRunner::Hello { version: protocol::VERSION, digest: "t".to_owned() }).unwrap();
    let order = ToRunner::Start(Box::new(shell(&format!("touch {}", mark.display()))));
    let json = serde_json::to_vec(&order).unwrap();
    for step in 0..120 {
        let mut bad = json.clone();
        let at = step * bad.len() / 120;
        if step % 2 == 0 {
            bad.truncate(at);
        } else {
            bad[at] = 0x01;
        }
        let frame = [&u32::try_from(bad.len()).unwrap().to_be_bytes()[..], &bad].concat();
        converse(&runner, &[hello.clone(), frame].concat());
        assert!(runner.lives());
    }
    assert!(!mark.exists());
}
