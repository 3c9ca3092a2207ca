//! W11: streams tell each viewer what is theirs, and end with the session.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use crate::world::World;

struct Stream(Body);

impl Stream {
    async fn open(world: &World, name: &str, last: Option<u64>) -> Self {
        let mut request = Request::get("/api/v1/events").header("authorization", world.bearer(name));
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let response = world.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        // The stream listens from when it is first heard of.
        tokio::time::sleep(Duration::from_millis(100)).await;
        Self(response.into_body())
    }

    /// What comes within a moment.
    async fn told(&mut self) -> Vec<Json> {
        let mut told = Vec::new();
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(Duration::from_millis(400), self.0.frame()).await
        {
            let bytes = frame.into_data().unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
            told.extend(data.map(|data| serde_json::from_str::<Json>(data).unwrap()));
        }
        told
    }

    async fn ended(&mut self) -> bool {
        matches!(tokio::time::timeout(Duration::from_secs(2), self.0.frame()).await, Ok(None))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn w11_each_hears_of_what_is_theirs() {
    let world = World::enabled().await;
    let mut streams = Vec::new();
    for name in ["rita", "bob", "sam", "cora"] {
        streams.push(Stream::open(&world, name, None).await);
    }
    let before = world.engine.state().next_seq;
    let number = world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "blue"}})).await;
    let expected = json!({"noun": "request", "id": number, "seq": before});
    let told =
        [streams[0].told().await, streams[1].told().await, streams[2].told().await, streams[3].told().await];
    assert!(told[0].contains(&expected) && told[1].contains(&expected), "{told:?}");
    assert_eq!(told[2], Vec::<Json>::new(), "sam hears nothing");
    assert!(told[3].contains(&expected), "an audit reader hears that something happened");
    let mut again = Stream::open(&world, "bob", Some(before - 1)).await;
    assert!(again.told().await.contains(&expected), "a stream goes on where it broke off");
}

#[tokio::test(flavor = "multi_thread")]
async fn w11_a_stream_ends_with_its_session() {
    let world = World::enabled().await;
    let mut stream = Stream::open(&world, "rita", None).await;
    world.delete("rita", "/api/v1/sessions/current").await;
    world
        .ask(
            "ada",
            "Countersign\\New-Group",
            json!({
                "Name": {"equals": "x"}, "Mail": {"equals": "x@fabrikam.example"},
            }),
        )
        .await;
    assert!(stream.ended().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_stops_nothing() {
    let world = World::enabled().await;
    world.authorized().await;
    let run = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    let got = world.post("rita", "/api/v1/executions", run).await.ok().body;
    let path = format!("/api/v1/executions/{}/output?follow=true", got["execution"].as_str().unwrap());
    let request =
        Request::get(path).header("authorization", world.bearer("rita")).body(Body::empty()).unwrap();
    drop(world.open(request).await);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(world.count("StopRequested"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn g22_streams_of_one_person_are_bounded_and_leave_room_for_others() {
    let world = World::enabled().await;
    let open = async |name: &str| {
        let request = Request::get("/api/v1/events").header("authorization", world.bearer(name));
        world.open(request.body(Body::empty()).unwrap()).await
    };
    let mut streams = Vec::new();
    for at in 0..32 {
        let stream = open("rita").await;
        assert_eq!(stream.status(), 200, "{at}");
        streams.push(stream);
    }
    assert_eq!(open("rita").await.status(), 429);
    assert_eq!(open("sam").await.status(), 200);
    drop(streams);
    for _ in 0..50 {
        if open("rita").await.status() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("what was closed makes no room");
}
