use serde_json::{Value as Json, json};

use super::*;

fn built(definition: Json, values: Json) -> Result<Request, String> {
    let mut whole = json!({"target": "api", "method": "POST", "path": "/v1"});
    whole.as_object_mut().expect("object").extend(definition.as_object().expect("object").clone());
    let definition: HttpDefinition = serde_json::from_value(whole).expect("definition");
    let values = serde_json::from_value(values).expect("values");
    build(&definition, &values).map_err(|refusal| refusal.code)
}

fn body(place: Json, values: Json) -> Result<String, String> {
    let built = built(json!({"body": {"json": place}}), values)?;
    Ok(String::from_utf8(built.body.expect("body").to_vec()).expect("text"))
}

#[test]
fn each_kind_of_value_has_its_place() {
    let definition = json!({
        "path": "/users/{User}/{Branch}", "slashes": ["Branch"],
        "query": [{"name": "q r", "literal": "a&b"}, {"name": "n", "parameter": "N"},
            {"name": "l", "parameter": "L"}, {"name": "gone", "parameter": "Gone", "when_absent": "omit"}],
        "headers": [{"name": "X-Note", "parameter": "Note"}]
    });
    let values = json!({"User": {"string": "anna+x@contoso.example"}, "Branch": {"string": "fix/ü"},
        "N": {"integer": -5}, "L": {"list": ["1", "=2"]}, "Note": {"string": "a b"}});
    let request = built(definition, values).expect("request");
    assert_eq!(request.path, "/users/anna%2Bx%40contoso.example/fix%2F%C3%BC?q%20r=a%26b&n=-5&l=1&l=%3D2");
    assert_eq!(request.headers, [("x-note".to_owned(), Zeroizing::new("a b".to_owned()))]);
}

#[test]
fn i1_a_value_stays_one_segment() {
    for value in ["", ".", "..", "a/b", "/", "a\\b", "..\\x", "a\nb", "a\rb", "\u{0}", "\u{7f}", "\u{85}"] {
        let given = json!({"A": {"string": value}});
        assert_eq!(built(json!({"path": "/{A}"}), given), Err("value_not_a_segment".to_owned()), "{value:?}");
    }
    for value in ["a//b", "/a", "a/", "a/../b", "./a", "a/.", "a\\..\\b", "a/\n"] {
        let (path, given) = (json!({"path": "/{A}", "slashes": ["A"]}), json!({"A": {"string": value}}));
        assert_eq!(built(path, given), Err("value_not_a_segment".to_owned()), "{value:?}");
    }
    for (value, sent) in [
        ("...", "/..."),
        ("..a", "/..a"),
        ("%2e%2e", "/%252e%252e"),
        ("a?b#c", "/a%3Fb%23c"),
        ("@evil.example", "/%40evil.example"),
        ("a;b", "/a%3Bb"),
    ] {
        let given = json!({"A": {"string": value}});
        assert_eq!(built(json!({"path": "/{A}"}), given).map(|request| request.path), Ok(sent.to_owned()));
    }
}

#[test]
fn i1_a_header_is_one_line_of_visible_ascii() {
    let place = json!({"headers": [{"name": "X-A", "parameter": "A"}]});
    for value in ["a\r\nX-B: c", "a\nb", "\r", "\u{0}", "ü", " a", "a ", "\t", "a\tb"] {
        let given = json!({"A": {"string": value}});
        assert_eq!(built(place.clone(), given), Err("value_not_for_header".to_owned()), "{value:?}");
    }
    assert!(built(place, json!({"A": {"string": ""}})).is_ok());
    for name in
        ["Host", "content-length", "Transfer-Encoding", "AUTHORIZATION", "", "a b", "a:b", "X-ü", "Cookie"]
    {
        assert!(!may_set(name), "{name}");
    }
    assert!(may_set("Accept") && may_set("X-GitHub-Api-Version"));
}

#[test]
fn a_body_is_json_with_values_of_their_kind() {
    let values = json!({"S": {"string": "\"},{\""}, "I": {"integer": 3}, "B": {"boolean": true},
        "D": {"decimal": "1.5"}, "L": {"list": ["x"]}, "T": {"table": [{"add": "y"}]}, "X": {"secret": "hush"}});
    let place = |name: &str| json!({"$parameter": name});
    let all = json!({"s": place("S"), "i": place("I"), "b": place("B"), "d": place("D"), "l": place("L"),
        "t": place("T"), "x": [place("X"), {"$parameter": {"name": "Gone", "when_absent": "omit"}}],
        "n": {"$null": true}, "m": {"$parameter": {"name": "Gone", "when_absent": "null"}},
        "o": {"$parameter": {"name": "Gone", "when_absent": "omit"}}, "k": {"plain": [1, null]}});
    assert_eq!(
        serde_json::from_str::<Json>(&body(all, values.clone()).expect("body")).expect("JSON"),
        json!({"s": "\"},{\"", "i": 3, "b": true, "d": 1.5, "l": ["x"], "t": [{"add": "y"}], "x": ["hush"],
            "n": null, "m": null, "k": {"plain": [1, null]}})
    );
    assert_eq!(body(place("Gone"), values.clone()), Err("parameter_missing".to_owned()));
    for bad in [json!({"$parameter": "S", "x": 1}), json!({"$where": 1}), json!({"$parameter": {"nam": "S"}})]
    {
        assert_eq!(body(bad, values.clone()), Err("body_invalid".to_owned()));
    }
    for (text, sent) in [("0.1", Some("0.1")), ("-7", Some("-7")), ("0.1234567890123456789", None)] {
        let given = body(place("D"), json!({"D": {"decimal": text}}));
        assert_eq!(given.ok().as_deref(), sent);
    }
}

#[test]
fn s1_a_url_is_no_place_for_a_secret() {
    let secret = json!({"A": {"secret": "hush"}});
    for place in [json!({"path": "/{A}"}), json!({"query": [{"name": "a", "parameter": "A"}]})] {
        assert_eq!(built(place, secret.clone()), Err("parameter_type".to_owned()));
    }
    assert!(built(json!({"headers": [{"name": "X-A", "parameter": "A"}]}), secret).is_ok());
}
