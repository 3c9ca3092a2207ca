use countersign_ledger::{
    checkpoint::Checkpoint,
    hash::empty_root,
    proof::{MAX_EXTRA, TlogProof, TlogProofError},
    tree::{LeafHashes, inclusion_proof},
};

use crate::support::{bit_flips, entry, key, leaves, naive_root, origin};

fn made(size: usize, index: usize) -> TlogProof {
    let leaves = leaves(size);
    let head = Checkpoint { origin: origin(), size: size as u64, root: naive_root(&leaves) };
    TlogProof {
        extra: None,
        index: index as u64,
        path: inclusion_proof(&LeafHashes(&leaves), index as u64, size as u64).unwrap(),
        checkpoint: head.sign(&key()).unwrap().to_string(),
    }
}

#[test]
fn proofs_are_written_read_and_verified() {
    for (size, index) in [(1, 0), (2, 1), (7, 6), (7, 3), (300, 256)] {
        let proof = made(size, index);
        let text = proof.to_string();
        assert!(text.starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {index}\n")));
        let read = TlogProof::parse(text.as_bytes()).unwrap();
        assert_eq!(read, proof);
        let head = read.verify(&entry(index), key().verifying_key()).unwrap();
        assert_eq!(head.size, size as u64);
        assert!(read.verify(&entry(index + 1), key().verifying_key()).is_err());
    }
}

#[test]
fn every_flipped_bit_of_a_proof_is_refused() {
    let proof = made(7, 3).to_string();
    for flipped in bit_flips(proof.as_bytes()) {
        let verified =
            TlogProof::parse(&flipped).and_then(|read| read.verify(&entry(3), key().verifying_key()));
        assert!(verified.is_err(), "{}", String::from_utf8_lossy(&flipped));
    }
    for length in 0..proof.len() {
        let cut = TlogProof::parse(&proof.as_bytes()[..length]);
        assert!(cut.and_then(|read| read.verify(&entry(3), key().verifying_key())).is_err());
    }
}

#[test]
fn extra_is_carried_and_covered_by_nothing() {
    let mut proof = made(7, 3);
    proof.extra = Some(b"R-1042".to_vec());
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra Ui0xMDQy\nindex 3\n"));
    let read = TlogProof::parse(text.as_bytes()).unwrap();
    assert_eq!(read, proof);
    for flipped in bit_flips(text.as_bytes()) {
        let Ok(read) = TlogProof::parse(&flipped) else { continue };
        if read.verify(&entry(3), key().verifying_key()).is_ok() {
            assert_eq!(TlogProof { extra: proof.extra.clone(), ..read }, proof);
        }
    }
    proof.extra = Some(vec![0; MAX_EXTRA + 1]);
    assert_eq!(TlogProof::parse(proof.to_string().as_bytes()), Err(TlogProofError::Line(2)));
}

#[test]
fn malformed_proofs_name_the_line() {
    let good = made(7, 3).to_string();
    let refused = [
        (good.replace("@v1", "@v2"), 1),
        (good.replace("index 3", "index 03"), 2),
        (good.replace("index 3\n", ""), 2),
        (good.replace("index 3", "extra AAAA\nextra AAAA\nindex 3"), 3),
        (good.replace("index 3", "index 3\nindex 3"), 3),
        (good.replace("index 3", "index 3\nAAAA"), 3),
        (good.replace("index 3", "extra A\nindex 3"), 2),
        (String::new(), 1),
    ];
    for (text, line) in refused {
        assert_eq!(TlogProof::parse(text.as_bytes()), Err(TlogProofError::Line(line)), "{text}");
    }
    let mut long = made(7, 3);
    long.path = vec![empty_root(); 64];
    assert_eq!(TlogProof::parse(long.to_string().as_bytes()), Err(TlogProofError::Line(66)));
    assert_eq!(TlogProof::parse(&vec![b'\n'; 200_000]), Err(TlogProofError::TooLarge));
    assert_eq!(TlogProof::parse(&[0xff]), Err(TlogProofError::Utf8));
}
