//! Puts the admin center, as its own build left it in `web/dist`, into the binary: every file once as it is and, where
//! that is smaller, once compressed.
//!
//! gzip rather than brotli: every browser takes it on plain HTTP too, where some offer no brotli, so one compressed
//! form suffices; and a build script, which runs unoptimized, writes it in a moment.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let dist = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    // cargo runs this again whenever a watched path is missing. An empty directory is left alone until it is filled.
    let _ = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut list = String::from("&[\n");
    if dist.join("index.html").is_file() {
        let mut found = Vec::new();
        walk(&dist, "", &mut found)?;
        found.sort();
        for (number, path) in found.iter().enumerate() {
            add(&dist, path, number, &out, &mut list)?;
        }
    }
    list.push_str("]\n");
    fs::write(out.join("web.rs"), list)?;
    Ok(())
}

/// Every file below a directory, by its path with slashes.
fn walk(directory: &Path, prefix: &str, found: &mut Vec<String>) -> Outcome<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| "a file's name is no text")?;
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), found)?;
        } else if !name.starts_with('.') && !name.ends_with(".map") {
            found.push(path);
        }
    }
    Ok(())
}

/// Copies, so that a later build of the admin center can't change what was measured here.
fn add(dist: &Path, path: &str, number: usize, out: &Path, list: &mut String) -> Outcome<()> {
    let plain = fs::read(dist.join(path))?;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&plain)?;
    let gzip = encoder.finish()?;
    fs::write(out.join(format!("{number}.plain")), &plain)?;
    let smaller = gzip.len() < plain.len() - plain.len() / 10;
    let gzip = if smaller {
        fs::write(out.join(format!("{number}.gzip")), &gzip)?;
        format!("Some(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{number}.gzip\")))")
    } else {
        "None".to_owned()
    };
    writeln!(
        list,
        "    Embedded {{ path: {path:?}, plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{number}.plain\")), gzip: {gzip} }},"
    )?;
    Ok(())
}
