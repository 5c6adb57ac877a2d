import json

from judge import check, decide, run

HEAD = """
const { Queue } = require('./lib/queue.js');
const tick = () => new Promise((r) => setImmediate(r));
function make(bad = {}, attempts = 1) {
  const left = { ...bad };
  return new Queue(async (name) => { await tick(); if (left[name] > 0) { left[name]--; throw new Error(name); } }, { attempts });
}
(async () => {
"""


def script(code):
    done = run("cat > /tmp/t.js; cp -R lib /tmp/lib; cd /tmp; timeout 8 node t.js", stdin=HEAD + code + "\n})();")
    assert done.exit_code == 0 and done.stdout, done
    return json.loads(done.stdout)


@check("priorities, and the order of adding among equals")
def order():
    got = script("""
const q = make(); q.pause();
[['a', 1], ['b', 0], ['c', 2], ['d', 1], ['e', 2], ['f', -1], ['g', 0]].forEach(([n, p]) => q.add(n, { priority: p }));
q.add('h');
q.resume(); await q.idle(); console.log(JSON.stringify(q.log));""")
    assert got == ["c", "e", "a", "d", "b", "g", "h", "f"], got


@check("many of equal priority stay in order")
def stable():
    got = script("""
const q = make(); q.pause();
for (let i = 0; i < 300; i++) q.add('n' + i, { priority: i % 3 });
q.resume(); await q.idle(); console.log(JSON.stringify(q.log));""")
    assert got == [f"n{i}" for p in (2, 1, 0) for i in range(300) if i % 3 == p]


@check("a running job is not interrupted, one at a time")
def running():
    got = script("""
let now = 0, most = 0;
const q = new Queue(async () => { most = Math.max(most, ++now); await tick(); await tick(); now--; });
q.add('a'); q.add('b'); q.add('c', { priority: 9 }); await q.idle(); console.log(JSON.stringify([q.log, most]));""")
    assert got == [["a", "c", "b"], 1], got


@check("a job that is tried again keeps its priority and its place")
def retries():
    got = script("""
const q = make({ b: 2, x: 1 }, 3); q.pause();
q.add('a'); q.add('b'); q.add('c'); q.add('x', { priority: 1 }); q.add('y', { priority: 1 });
q.resume(); await q.idle(); console.log(JSON.stringify([q.log, q.failed]));""")
    assert got == [["x", "x", "y", "a", "b", "b", "b", "c"], []], got
    got = script("""
const q = make({ b: 9 }, 3); q.add('a'); q.add('b'); q.add('c'); await q.idle(); console.log(JSON.stringify([q.log, q.failed]));""")
    assert got == [["a", "b", "b", "b", "c"], ["b"]], got


@check("paused: nothing begins, what runs ends, retries wait")
def paused():
    got = script("""
const q = make({ a: 1 }, 2);
q.add('a'); q.pause(); q.add('b');
for (let i = 0; i < 20; i++) await tick();
const before = [...q.log]; let idle = false; q.idle().then(() => { idle = true; });
for (let i = 0; i < 5; i++) await tick();
const early = idle;
q.resume(); await q.idle(); await tick();
console.log(JSON.stringify([before, early, q.log, idle]));""")
    assert got == [["a"], False, ["a", "a", "b"], True], got


@check("a waiting name is not added twice, and gets the higher priority")
def twice():
    got = script("""
const q = make(); q.pause();
q.add('a'); q.add('b', { priority: 2 }); q.add('c', { priority: 2 }); q.add('a', { priority: 2 }); q.add('c', { priority: 0 });
q.resume(); await q.idle();
q.add('a'); q.add('a'); await q.idle();
console.log(JSON.stringify(q.log));""")
    assert got == ["a", "b", "c", "a", "a"], got


@check("what is no whole number is refused")
def refused():
    got = script("""
const q = make(); q.pause(); const out = [];
for (const p of [1.5, NaN, Infinity, '3', null]) { try { q.add('a', { priority: p }); out.push('taken'); } catch (e) { out.push(e.constructor.name); } }
q.add('b', {}); q.add('c', { priority: undefined }); q.resume(); await q.idle(); out.push(q.log.join()); console.log(JSON.stringify(out));""")
    assert got == ["RangeError"] * 5 + ["b,c"], got


decide()
