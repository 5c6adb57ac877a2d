import json

from judge import Failed, check, decide, run

PRELUDE = r"""
const plain = (value) => JSON.stringify(value, (key, v) => (typeof v === "bigint" ? `${v}n` : v instanceof Map ? [...v] : v));
const { merge } = require("./lib/merge"), { page } = require("./lib/page"), { parseFeed, parsePost } = require("./lib/parse");
const { answers, latestId, roots } = require("./lib/threads"), { format } = require("./lib/write");
const at = (id, time, more = {}) => ({ id: BigInt(id), time: `2024-05-01T${time}`, text: String(id), ...more });
const answer = (value) => console.log(plain(value));
"""


def node(code):
    """What JavaScript code answered; ids that are BigInts come back as text with an n."""
    done = run('cat > /tmp/ask.js; node -e "$(cat /tmp/ask.js)"', stdin=PRELUDE + code)
    if done.exit_code != 0:
        raise Failed(done.stderr.strip()[:300])
    return json.loads(done.stdout)


@check("ids are BigInts with all their digits")
def ids():
    got = node(r"""
const line = (id, more = "") => `{"id": ${id}, "time": "2024-05-01T08:00:00Z", "text": "x"${more}}`;
answer([
  ...["9223372036854775807", "9007199254740993", "0", "17"].map((id) => parsePost(line(id)).id),
  parsePost(line(1, ', "reply": 9007199254740995')).reply, parsePost(line(1, ', "reply" : 0')).reply,
  parsePost(line(1, ', "reply": null')).reply, "reply" in parsePost(line(1)),
  parsePost('{"text":"{\\"id\\": 5, \\"reply\\":6} \\\\","time":"2024-05-01T08:00:00Z","id"  :\t9007199254740997}'),
  parsePost(line("4611686018427387905", ', "via": {"id": 7, "reply": 8, "list": [{"id": 9}]}, "score": 12, "note": "id"')),
]);
""")
    assert got[:8] == [
        "9223372036854775807n", "9007199254740993n", "0n", "17n", "9007199254740995n", "0n", None, False,
    ], got  # fmt: skip
    assert got[8] == {
        "text": '{"id": 5, "reply":6} \\', "time": "2024-05-01T08:00:00Z", "id": "9007199254740997n",
    }, got[8]  # fmt: skip
    assert got[9] == {
        "id": "4611686018427387905n", "time": "2024-05-01T08:00:00Z", "text": "x",
        "via": {"id": 7, "reply": 8, "list": [{"id": 9}]}, "score": 12, "note": "id",
    }, got[9]  # fmt: skip


@check("what is no post")
def refused():
    got = node(r"""
const tail = ', "time": "2024-05-01T08:00:00Z", "text": "x"}';
const good = '{"id": 1' + tail;
const bad = ['{"id": 9223372036854775808' + tail, '{"id": 1.0' + tail, '{"id": 1e3' + tail, '{"id": -1' + tail, '{"id": "12"' + tail,
  '{"id": null' + tail, '{"via": {"id": 4}' + tail, '{"id": 1, "reply": "2"' + tail, '{"id": 1, "reply": 2.5' + tail, "[1]", "12", "null", '{"id": 01' + tail,
  '{"id": 1, "reply": 99999999999999999999' + tail, '{"id": 12n' + tail, '{"id": 1, "time": "today", "text": "x"}', good + good];
answer(bad.map((line) => {
  try {
    parseFeed([good, "", line, good].join("\n"));
  } catch (error) {
    return error instanceof Error && error.message.startsWith("line 3: ");
  }
  return line;
}));
""")
    assert got == [True] * 17, got


@check("what is written can be read again")
def written():
    got = node(r"""
const lines = [
  '{"id": 9007199254740993, "time": "2024-05-01T08:00:00.250+02:00", "text": "a \\"id\\":\\"12\\" #5# 7n \\u00e9 \\n", "reply": 9007199254740995, "tags": ["1", "2"]}',
  '{"id": 0, "time": "2024-05-01T08:00:00Z", "text": "9007199254740993", "reply": null, "n": {"id": "3", "reply": "4", "x": 1.5}, "code": "12"}',
  '{"id": 9223372036854775807, "time": "2024-05-01T08:00:00Z", "text": "12n", "edited": "2024-05-01T08:00:01Z", "more": "#12#", "large": 12345678901234567}',
];
const posts = lines.map(parsePost), out = posts.map(format);
answer([out, require("node:util").isDeepStrictEqual(parseFeed(out.join("\n")), posts), out.every((line) => !line.includes("\n"))]);
""")
    lines, same, single = got
    assert same and single, got
    first, second, third = ({**json.loads(line)} for line in lines)
    assert first == {
        "id": 9007199254740993, "time": "2024-05-01T08:00:00.250+02:00", "text": 'a "id":"12" #5# 7n é \n',
        "reply": 9007199254740995, "tags": ["1", "2"],
    }, lines[0]  # fmt: skip
    assert second == {
        "id": 0, "time": "2024-05-01T08:00:00Z", "text": "9007199254740993", "reply": None,
        "n": {"id": "3", "reply": "4", "x": 1.5}, "code": "12",
    }, lines[1]  # fmt: skip
    third.pop("large")
    assert third == {
        "id": 9223372036854775807, "time": "2024-05-01T08:00:00Z", "text": "12n",
        "edited": "2024-05-01T08:00:01Z", "more": "#12#",
    }, lines[2]  # fmt: skip


@check("merged by instants, then by ids as numbers")
def order():
    got = node(r"""
const one = [at(9, "10:00:00Z"), at(10, "12:00:00+02:00"), at("9007199254740993", "11:00:00+01:00"), at(5, "00:30:00-11:00")];
const two = [at("9007199254740992", "10:00:00Z"), at(100, "10:00:00.5Z"), at(7, "23:00:00+13:00"), at(0, "10:00:00.000Z"), at(8, "09:59:59.999Z")];
answer([merge([one, two]), merge([two, one]), merge([]), merge([[], []])].map((posts) => posts.map((post) => post.id)));
""")
    want = ["5n", "100n", "9007199254740993n", "9007199254740992n", "10n", "9n", "7n", "0n", "8n"]
    assert got == [want, want, [], []], got


@check("of several versions the one edited last")
def versions():
    got = node(r"""
const v = (text, time, edited) => at(1, time, edited ? { text, edited: `2024-05-01T${edited}` } : { text });
const best = (...all) => merge(all.map((post) => [post])).map((post) => post.text).join();
answer([
  best(v("a", "10:00:00Z", "11:00:00Z"), v("b", "10:00:00Z", "12:30:00+02:00")), best(v("a", "10:00:00Z", "12:30:00+02:00"), v("b", "10:00:00Z", "11:00:00Z")),
  best(v("a", "10:00:00Z"), v("b", "10:00:00Z", "10:00:01Z")), best(v("a", "10:00:00Z"), v("b", "10:00:00Z")),
  best(v("a", "10:00:00Z", "10:00:00.000Z"), v("b", "12:00:00+02:00")), best(v("a", "12:00:00+02:00"), v("b", "10:00:00.5Z"), v("c", "10:00:00.50Z")),
]);
""")
    assert got == ["a", "b", "b", "a", "a", "b"], got


@check("pages")
def pages():
    got = node(r"""
const posts = ["9007199254740993", "9007199254740992", 41, 0, 7].map((id) => at(id, "10:00:00Z"));
const show = (p) => [p.posts.map((post) => post.text).join(), p.next];
answer([
  page(posts, null, 1), page(posts, "9007199254740993", 1), page(posts, "9007199254740992", 2), page(posts, "0", 5), page(posts, "7", 5),
  page(posts, "42", 5), page(posts, "north", 5), page(posts, "", 5), page(posts, null, 5), page(posts, "4.5", 2), page([], null, 3),
].map(show));
""")
    assert got == [
        ["9007199254740993", "9007199254740993"], ["9007199254740992", "9007199254740992"], ["41,0", "0"], ["7", None], ["", None],
        ["", None], ["", None], ["", None], ["9007199254740993,9007199254740992,41,0,7", None], ["", None], ["", None],
    ], got  # fmt: skip


@check("threads")
def threads():
    got = node(r"""
const posts = [at(0, "10:00:00Z"), at(3, "10:00:00Z", { reply: 0n }), at("9007199254740993", "10:00:00Z", { reply: 9007199254740992n }),
  at(4, "10:00:00Z", { reply: 0n }), at(5, "10:00:00Z", { reply: null }), at(6, "10:00:00Z", { reply: 9007199254740993n })];
const found = answers(posts);
answer([
  found instanceof Map, [...found].map(([id, list]) => [id, list.map((post) => post.text).join()]), found.has(9007199254740992n),
  roots(posts).map((post) => post.text), latestId(posts), latestId(posts.slice(0, 1)), latestId([]), latestId([at("9007199254740992", "10:00:00Z"), ...posts]),
]);
""")
    assert got == [
        True, [["0n", "3,4"], ["9007199254740992n", "9007199254740993"], ["9007199254740993n", "6"]], True,
        ["0", "5"], "9007199254740993n", "0n", None, "9007199254740993n",
    ], got  # fmt: skip


@check("the command line")
def command():
    feed = '{"id": 9007199254740993, "time": "2024-05-01T08:00:00Z", "text": "a"}\n\n{"id": 9007199254740992, "time": "2024-05-01T08:00:00Z", "text": "b", "reply": 0}\n{"id":8,"time":"2024-05-01T12:00:00+09:00","text":"c"}\n'
    done = run(
        "cat > /tmp/f.ndjson; for more in '--size 1' '--size 2 --before 9007199254740993' '--before 9'; do node bin/merge.js $more /tmp/f.ndjson /tmp/f.ndjson; done",
        stdin=feed,
    )
    got = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(post["id"], post.get("reply")) for post in got] == [
        (9007199254740993, None),
        (9007199254740992, 0),
        (8, None),
    ], done
    assert done.stderr == "next: 9007199254740993\n", done
    done = run("cat > /tmp/f.ndjson; node bin/merge.js /tmp/f.ndjson", stdin=feed + "{}\n")
    assert (done.exit_code, done.stdout, done.stderr[:15]) == (1, "", "merge: line 5: "), done


decide()
