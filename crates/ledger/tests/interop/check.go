// Checks exported ledgers with the Go team's own libraries, which share no code with Countersign:
// golang.org/x/mod/sumdb/note and golang.org/x/mod/sumdb/tlog.
//
//	check DIR...
//
// Each directory holds vkey, checkpoint, old-checkpoint, consistency (base64 hashes, one a line), entry,
// entry.tlog-proof and the tiles below tile/; old-vkey if old-checkpoint is of an earlier epoch. Prints "DIR<tab>ok" or "DIR<tab>refused: reason" and exits 1 if
// any was refused.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type tiles struct{ dir string }

func (t tiles) Height() int                         { return height }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		// Go's own layout names the height; C2SP fixes it at 8 and drops it.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.dir, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func openTree(msg []byte, verifier note.Verifier) (tree tlog.Tree, err error) {
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tree, errors.New("malformed checkpoint")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func entries(dir string, size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		path := strings.Replace(tlog.Tile{H: height, L: 0, N: n, W: int(width)}.Path(), "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return nil, err
		}
		for ; width > 0; width-- {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, errors.New("short bundle")
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:end])
			data = data[end:]
		}
		if len(data) > 0 {
			return nil, errors.New("bytes after the last entry")
		}
	}
	return all, nil
}

func checkEntries(dir string, tree tlog.Tree) error {
	all, err := entries(dir, tree.N)
	if err != nil {
		return err
	}
	var stored []tlog.Hash
	memory := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("hash not stored")
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	var leaves []int64
	for n, entry := range all {
		hashes, err := tlog.StoredHashes(int64(n), entry, memory)
		if err != nil {
			return err
		}
		leaves = append(leaves, int64(len(stored)))
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(tree.N, memory)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("entries do not give the root")
	}
	// Every leaf once more through the tiles; the reader authenticates them against the root.
	for from := 0; from < len(leaves); from += 4096 {
		to := from + 4096
		if to > len(leaves) {
			to = len(leaves)
		}
		hashes, err := tlog.TileHashReader(tree, tiles{dir}).ReadHashes(leaves[from:to])
		if err != nil {
			return err
		}
		for i, hash := range hashes {
			if hash != tlog.RecordHash(all[from+i]) {
				return errors.New("tile and entry differ")
			}
		}
	}
	return nil
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func checkInclusion(dir string, verifier note.Verifier) error {
	file, err := os.ReadFile(filepath.Join(dir, "entry.tlog-proof"))
	if err != nil {
		return err
	}
	entry, err := os.ReadFile(filepath.Join(dir, "entry"))
	if err != nil {
		return err
	}
	parts := strings.SplitN(string(file), "\n\n", 2)
	if len(parts) != 2 {
		return errors.New("proof without checkpoint")
	}
	head := strings.Split(parts[0], "\n")
	if head[0] != "c2sp.org/tlog-proof@v1" || len(head) < 2 {
		return errors.New("not a proof")
	}
	head = head[1:]
	if strings.HasPrefix(head[0], "extra ") {
		if _, err := base64.StdEncoding.DecodeString(head[0][len("extra "):]); err != nil || len(head) < 2 {
			return errors.New("bad extra line")
		}
		head = head[1:]
	}
	if !strings.HasPrefix(head[0], "index ") {
		return errors.New("proof without index")
	}
	index, err := strconv.ParseInt(head[0][len("index "):], 10, 64)
	if err != nil {
		return err
	}
	path, err := parseHashes(head[1:])
	if err != nil {
		return err
	}
	tree, err := openTree([]byte(parts[1]), verifier)
	if err != nil {
		return err
	}
	if index < 0 || index >= tree.N {
		return errors.New("index outside the tree")
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func checkGrowth(dir string, tree tlog.Tree, verifier note.Verifier) error {
	msg, err := os.ReadFile(filepath.Join(dir, "old-checkpoint"))
	if err != nil {
		return err
	}
	// Of an earlier epoch, which has a key of its own.
	if vkey, err := os.ReadFile(filepath.Join(dir, "old-vkey")); err == nil {
		if verifier, err = note.NewVerifier(string(vkey)); err != nil {
			return err
		}
	}
	old, err := openTree(msg, verifier)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, "consistency"))
	if err != nil {
		return err
	}
	proof, err := parseHashes(strings.Fields(string(text)))
	if err != nil {
		return err
	}
	if old.N < 1 || old.N > tree.N {
		return errors.New("old tree is not smaller")
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

func check(dir string) error {
	vkey, err := os.ReadFile(filepath.Join(dir, "vkey"))
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(string(vkey))
	if err != nil {
		return err
	}
	msg, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openTree(msg, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if err := checkEntries(dir, tree); err != nil {
		return fmt.Errorf("entries: %w", err)
	}
	if err := checkInclusion(dir, verifier); err != nil {
		return fmt.Errorf("inclusion: %w", err)
	}
	if err := checkGrowth(dir, tree, verifier); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	return nil
}

func main() {
	status := 0
	for _, dir := range os.Args[1:] {
		if err := check(dir); err != nil {
			fmt.Printf("%s\trefused: %s\n", dir, strings.ReplaceAll(err.Error(), "\n", " "))
			status = 1
		} else {
			fmt.Printf("%s\tok\n", dir)
		}
	}
	os.Exit(status)
}
