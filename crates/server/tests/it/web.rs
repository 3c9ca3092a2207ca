//! W7: the admin center as browsers get it, and what stands in its place when there is none.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::Request;
use countersign_server::{File, Options, Web};
use flate2::Compression;
use flate2::bufread::{GzDecoder, GzEncoder};
use http_body_util::BodyExt as _;

use crate::world::{Got, World, options};

const SCRIPT: &str = "export const words = 'hello hello hello hello hello hello hello';";
const PAGE: &str = "<!doctype html><meta name=\"csp-nonce\" content=\"__CSP_NONCE__\"><title>Center</title>";

fn file(path: &str, text: &str) -> File {
    let mut gzip = Vec::new();
    GzEncoder::new(text.as_bytes(), Compression::best()).read_to_end(&mut gzip).unwrap();
    File::new(path, Bytes::copy_from_slice(text.as_bytes()), Some(gzip.into()))
}

fn offering() -> World {
    let plain = |path: &str, text: &'static str| File::new(path, Bytes::from_static(text.as_bytes()), None);
    let files = vec![
        file("index.html", PAGE),
        file("assets/index-C0FFEE.js", SCRIPT),
        plain("assets/logo-ABAD1DEA.svg", "<svg/>"),
        plain("manifest.webmanifest", "{}"),
    ];
    World::empty(Options { web: Web::of(files), ..options() })
}

async fn open(world: &World, path: &str) -> Got {
    world.call("GET", path, &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")], None).await
}

fn header<'a>(got: &'a Got, name: &str) -> &'a str {
    got.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn w7_every_screens_address_answers_the_page_with_a_nonce_of_its_own() {
    let world = offering();
    let mut nonces = std::collections::BTreeSet::new();
    for path in
        ["/", "/requests/R-1042", "/invitation", "/tasks/Exchange.Online/New-MoveRequest", "/x?y=z.js"]
    {
        let got = open(&world, path).await.ok();
        let policy = header(&got, "content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert_eq!(nonce.len(), 22, "{policy}");
        assert_eq!(got.text, PAGE.replace("__CSP_NONCE__", nonce), "{path}");
        let around = policy.replace(nonce, "N");
        assert_eq!(
            around,
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
             form-action 'self'"
        );
        assert_eq!(header(&got, "content-type"), "text/html; charset=utf-8");
        assert_eq!((header(&got, "cache-control"), header(&got, "etag")), ("no-cache", ""), "{path}");
        assert_eq!(header(&got, "x-frame-options"), "DENY");
        assert_eq!(header(&got, "x-content-type-options"), "nosniff");
        assert!(nonces.insert(nonce.to_owned()), "{nonce} twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_kept_for_ever_compressed_and_not_sent_twice() {
    let world = offering();
    let path = "/assets/index-C0FFEE.js";
    let plain = world.call("GET", path, &[], None).await.ok();
    assert_eq!((plain.text.as_str(), header(&plain, "content-encoding")), (SCRIPT, ""));
    assert_eq!(header(&plain, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&plain, "cache-control"), "public, max-age=31536000, immutable");
    let request = Request::get(path).header("accept-encoding", "br, gzip").body(Body::empty()).unwrap();
    let (parts, body) = world.open(request).await.into_parts();
    assert_eq!(
        (&parts.headers["content-encoding"], &parts.headers["vary"]),
        (&"gzip".parse().unwrap(), &"accept-encoding".parse().unwrap())
    );
    let bytes = body.collect().await.unwrap().to_bytes();
    let mut text = String::new();
    GzDecoder::new(&*bytes).read_to_string(&mut text).unwrap();
    assert_eq!(text, SCRIPT);
    let tag = parts.headers["etag"].to_str().unwrap().to_owned();
    assert_ne!(tag, header(&plain, "etag"), "two forms, two tags");
    let again = [("if-none-match", tag.as_str()), ("accept-encoding", "gzip")];
    let again = world.call("GET", path, &again, None).await;
    assert_eq!((again.status, again.text.as_str(), header(&again, "etag")), (304, "", tag.as_str()));
    let other = world.call("GET", path, &[("if-none-match", &tag)], None).await;
    assert_eq!(other.status, 200, "the tag of another form does not count");
    let named = world.call("GET", "/manifest.webmanifest", &[], None).await.ok();
    assert_eq!(header(&named, "cache-control"), "no-cache", "its name outlives its content");
    assert_eq!(header(&named, "content-type"), "application/manifest+json");
    assert_eq!(world.call("HEAD", path, &[], None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_and_no_screen_is_not_found() {
    let world = offering();
    for path in [
        "/assets/index-DEAD.js",
        "/assets/index",
        "/assets/",
        "/nothing.js",
        "/index.html",
        "/api/v1/nothing",
        "/api",
        "/metrics/x",
        "/../Cargo.toml",
        "/assets/../../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/..%2f..%2fetc%2fpasswd.txt",
        "/assets//index-C0FFEE.js",
        "/assets/index-C0FFEE%2ejs",
    ] {
        let got = open(&world, path).await;
        assert_eq!((got.status, got.code()), (404, "not_found"), "{path}: {}", got.text);
    }
    let script = world.call("GET", "/requests", &[("accept", "*/*")], None).await;
    assert_eq!((script.status, script.code()), (404, "not_found"), "a script gets no page for data");
    let posted = world.call("POST", "/requests", &[("accept", "text/html")], None).await;
    assert_eq!(posted.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_admin_center_every_page_says_so_and_what_to_do() {
    let world = World::empty(options());
    let home = open(&world, "/").await.ok();
    assert!(home.text.contains("built without the admin center") && home.text.contains("npm run build"));
    assert!(home.text.contains("countersign login"));
    assert!(header(&home, "content-security-policy").starts_with("default-src 'none'; base-uri"));
    for path in ["/requests/R-1", "/requests/R-2", "/invitation"] {
        assert_eq!(open(&world, path).await.ok().text, home.text, "{path}");
    }
    assert_eq!(open(&world, "/assets/index-C0FFEE.js").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_binary_was_built_with_hangs_together() {
    let web = Web::built_in();
    let built = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/index.html").is_file();
    assert_eq!(web.is_there(), built, "what lies in web/dist is what is carried");
    let world = World::empty(Options { web, ..options() });
    let page = open(&world, "/").await.ok().text;
    for part in page.split('"').filter(|part| part.starts_with("/assets/")) {
        let got = world.call("GET", part, &[], None).await.ok();
        assert!(header(&got, "cache-control").contains("immutable"), "{part}");
    }
}
