//! Puts the packs of `packs/` into the library, text for text, so that the binary can hand them out.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let packs = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../packs").canonicalize()?;
    println!("cargo::rerun-if-changed={}", packs.display());
    let mut list = String::from("&[\n");
    for pack in entries(&packs)? {
        if !pack.join("pack.toml").is_file() {
            continue;
        }
        let mut files = Vec::new();
        walk(&pack, "", &mut files)?;
        writeln!(list, "    Shipped {{ name: {:?}, files: &[", name(&pack)?)?;
        for file in files {
            writeln!(list, "        ({file:?}, {:?}),", fs::read_to_string(pack.join(&file))?)?;
        }
        list.push_str("    ] },\n");
    }
    list.push_str("]\n");
    fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("packs.rs"), list)?;
    Ok(())
}

/// What lies directly in a directory, in the order of names; hidden files are nobody's pack.
fn entries(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Outcome<_>>()?;
    paths.retain(|path| name(path).is_ok_and(|name| !name.starts_with('.')));
    paths.sort();
    Ok(paths)
}

/// Every file below a directory, by its path with slashes.
fn walk(directory: &Path, prefix: &str, files: &mut Vec<String>) -> Outcome<()> {
    for path in entries(directory)? {
        let name = name(&path)?;
        if path.is_dir() {
            walk(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn name(path: &Path) -> Outcome<&str> {
    path.file_name().and_then(|name| name.to_str()).ok_or_else(|| "a file's name is no text".into())
}
