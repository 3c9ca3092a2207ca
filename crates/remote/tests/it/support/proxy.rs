//! Stands before a real server and does to its connections what networks do.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// What becomes of a connection.
#[derive(Clone)]
pub(crate) enum Fault {
    /// One byte at a time in both directions.
    Trickle,
    /// Cut when the client has said this; the server never hears it.
    CutBefore(&'static [u8]),
    /// Cut when the client has said this; the server hears it, its answer is lost.
    CutAfter(&'static [u8]),
    /// What the client says is taken and never answered.
    Silent,
}

/// Listens on a free port of loopback for ever.
pub(crate) fn before(server: u16, fault: Fault) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for client in listener.incoming().flatten() {
            if matches!(fault, Fault::Silent) {
                held.push(client);
                continue;
            }
            let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
            let ends = Arc::new((client, server));
            for direction in [Direction::ToServer, Direction::ToClient] {
                let (ends, fault) = (Arc::clone(&ends), fault.clone());
                std::thread::spawn(move || pass(&ends, direction, &fault));
            }
        }
    });
    port
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

fn pass(ends: &(TcpStream, TcpStream), direction: Direction, fault: &Fault) {
    let (mut from, mut to) = match direction {
        Direction::ToServer => (&ends.0, &ends.1),
        Direction::ToClient => (&ends.1, &ends.0),
    };
    let mut said = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while let Ok(read) = from.read(&mut buffer) {
        if read == 0 {
            break;
        }
        let bytes = &buffer[..read];
        let cut = match fault {
            Fault::CutBefore(word) | Fault::CutAfter(word) if direction == Direction::ToServer => {
                said.extend_from_slice(bytes);
                said.windows(word.len()).any(|window| window == *word)
            }
            _ => false,
        };
        if cut {
            // The client hears the end first: what the server still says is lost.
            let _ = ends.0.shutdown(Shutdown::Both);
            if matches!(fault, Fault::CutAfter(_)) {
                let _ = to.write_all(bytes);
                std::thread::sleep(Duration::from_millis(200));
            }
            break;
        }
        let piece = if matches!(fault, Fault::Trickle) { 1 } else { read };
        for piece in bytes.chunks(piece) {
            if to.write_all(piece).is_err() {
                break;
            }
            if matches!(fault, Fault::Trickle) {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
    }
    let _ = ends.0.shutdown(Shutdown::Both);
    let _ = ends.1.shutdown(Shutdown::Both);
}

/// Cuts every connection of a proxy.
pub(crate) struct Cable(Arc<std::sync::Mutex<Vec<TcpStream>>>);

impl Cable {
    pub(crate) fn cut(&self) {
        for end in self.0.lock().unwrap().iter() {
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

/// Passes everything on until it is cut.
pub(crate) fn cuttable(server: u16) -> (u16, Cable) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let ends = Arc::new(std::sync::Mutex::new(Vec::new()));
    let all = Arc::clone(&ends);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
            all.lock().unwrap().extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
            let ends = Arc::new((client, server));
            for direction in [Direction::ToServer, Direction::ToClient] {
                let ends = Arc::clone(&ends);
                std::thread::spawn(move || {
                    pass(&ends, direction, &Fault::CutBefore(b"never said by anybody"))
                });
            }
        }
    });
    (port, Cable(ends))
}
