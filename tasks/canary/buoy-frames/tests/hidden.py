from judge import check, decide, run


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def raw(buoy, number, content=b"", kind=1):
    """A frame's bytes with their check sum, not stuffed."""
    data = bytes([kind]) + buoy.to_bytes(2, "little") + bytes([number]) + content
    return data + crc(data).to_bytes(2, "little")


def reading(buoy, number, hundredths, tenths):
    return raw(buoy, number, (hundredths & 0xFFFF).to_bytes(2, "little") + tenths.to_bytes(2, "little"))


def sent(*frames):
    """Frames as they are sent, with single flags between them."""
    stuffed = [
        b"".join(bytes([0x7D, b ^ 0x20]) if b in (0x7E, 0x7D) else bytes([b]) for b in frame)
        for frame in frames
    ]
    return b"\x7e" + b"".join(frame + b"\x7e" for frame in stuffed)


def said(capture, form="%02x "):
    text = capture if isinstance(capture, str) else "".join(form % byte for byte in capture) + "\n"
    done = run("make -s buoys >&2 && cat > /tmp/capture && ./buoys /tmp/capture", stdin=text, timeout_s=20)
    return done.exit_code, done.stdout.split("\n"), done.stderr


def shown(capture, form="%02x "):
    """The lines of a capture that can be read."""
    code, lines, errors = said(capture, form)
    assert (code, errors) == (0, ""), (code, errors, lines)
    return lines[:-1]


@check("it builds without warnings with the flags that it had")
def builds():
    flags = "-std=c11 -Wall -Wextra -Werror -O1"
    done = run(
        "make -s clean; make -s && gcc %s -o /tmp/b *.c && /tmp/b data/january.hex | tail -2" % flags,
        timeout_s=20,
    )
    assert done.stdout == "258: 5 good, 0 again, 0 lost\nbad: 0\n", done


@check("temperatures around and far from zero")
def temperatures():
    rows = [
        (-25, 9871),
        (-1, 10000),
        (-100, 9),
        (0, 0),
        (5, 65535),
        (-32768, 32768),
        (32767, 127),
        (-1999, 128),
        (99, 10132),
    ]
    got = shown(sent(*(reading(3, n, *row) for n, row in enumerate(rows))))
    values = [
        "-0.25 C 987.1", "-0.01 C 1000.0", "-1.00 C 0.9", "0.00 C 0.0", "0.05 C 6553.5",
        "-327.68 C 3276.8", "327.67 C 12.7", "-19.99 C 12.8", "0.99 C 1013.2",
    ]  # fmt: skip
    assert got == ["3 #%d %s hPa" % pair for pair in enumerate(values)] + [
        "3: 9 good, 0 again, 0 lost",
        "bad: 0",
    ], got


@check("numbers of buoys")
def buoys():
    numbers = [65535, 128, 255, 511, 512, 200, 33024, 0, 32896]
    got = shown(sent(*(reading(buoy, 200, 150, 10000) for buoy in numbers)))
    lines = ["%d #200 1.50 C 1000.0 hPa" % buoy for buoy in numbers]
    assert got == lines + ["%d: 1 good, 0 again, 0 lost" % buoy for buoy in sorted(numbers)] + ["bad: 0"], got


@check("bytes that were sent turned over")
def turned():
    got = shown(
        sent(reading(0x7E7D, 0x7E, 0x7D7E, 0x7E7D), reading(0x5E5D, 0x7D, 0x5D7D, 0x207D)), form="%02X"
    )
    assert got == [
        "32381 #126 321.26 C 3238.1 hPa",
        "24157 #125 239.33 C 831.7 hPa",
        "24157: 1 good, 0 again, 0 lost",
        "32381: 1 good, 0 again, 0 lost",
        "bad: 0",
    ], got


@check("sent again and lost, also past 255")
def sequence():
    numbers = [7, 10, 10, 10, 254, 1, 1, 0, 0, 255, 255]
    got = shown(
        sent(
            *(reading(9, n, 100, 10) for n in numbers),
            raw(4, 255, kind=2),
            raw(4, 0),
            raw(4, 0, b"abc", kind=9),
            raw(4, 4),
        )
    )
    assert [line.split()[1] for line in got[:-3]] == ["#7", "#10", "#254", "#1", "#0", "#255"], got
    # 7-10: 2, 10-254: 243, 254-1: 2, 1-0: 254, 0-255: 254
    assert got[-3:] == ["4: 3 good, 1 again, 3 lost", "9: 6 good, 5 again, 755 lost", "bad: 0"], got


@check("bad frames change nothing but their count")
def bad():
    good = [reading(9, n, 100, 10) for n in (5, 6)]
    broken = [
        bytes([good[1][0] ^ 1]) + good[1][1:],
        good[1][:-1] + bytes([good[1][-1] ^ 64]),
        good[1][:5],
        b"\x01",
        good[1] + b"\x01",
        good[1][:2] + b"\x01" + good[1][3:],
    ]
    got = shown(sent(good[0], *broken, good[1]))
    assert got[-2:] == ["9: 2 good, 0 again, 0 lost", "bad: 6"] and len(got) == 4, got
    assert shown(sent(broken[0])) == ["bad: 1"]


@check("long frames")
def long():
    frames = [
        raw(2, 1, bytes(range(250)), kind=3),
        raw(2, 2, b"\x7e" * 250, kind=3),
        raw(2, 3, b"x" * 251, kind=3),
        raw(2, 4, b"y" * 250),
    ]
    frames += [
        raw(2, 5, b"z" * 3000, kind=3),
        raw(2, 6, b"w" * 59),
        raw(2, 7, b"v" * 58),
        reading(2, 8, 1, 1),
    ]
    # the last one begins like a good frame that fills all the room there is
    got = shown(sent(*frames, frames[3] + b"\x7f" * 9))
    assert got == ["2 #8 0.01 C 0.1 hPa", "2: 6 good, 0 again, 2 lost", "bad: 3"], got


@check("noise, frames given up, and a capture that is cut off")
def noise():
    one, two = reading(9, 5, 100, 10), reading(9, 6, 200, 10)
    capture = (
        one + b"\x7d" + sent(one) + b"\x7e\x7e\x7e" + two[:6] + b"\x7d" + sent(two)[:-1] + b"\x7e" + two[:3]
    )
    assert shown(capture) == [
        "9 #5 1.00 C 1.0 hPa",
        "9 #6 2.00 C 1.0 hPa",
        "9: 2 good, 0 again, 0 lost",
        "bad: 0",
    ]
    assert shown(sent(one)[:-1]) == ["bad: 0"] == shown(one) == shown("")
    assert shown(b"\x7d" + sent(one, two)) == shown(sent(one, two))
    assert shown(sent(one)[:-1] + b"\x7d" + sent(two)) == [
        "9 #6 2.00 C 1.0 hPa",
        "9: 1 good, 0 again, 0 lost",
        "bad: 0",
    ]


@check("content of another length")
def content():
    got = shown(
        sent(
            raw(1, 1, b"\x01\x02\x03"),
            raw(1, 2),
            raw(1, 3, b"\x01\x02\x03\x04\x05"),
            reading(1, 4, -7, 7),
            raw(1, 5, b"\x01\x00\x01\x00", kind=2),
        )
    )
    assert got == ["1 #4 -0.07 C 0.7 hPa", "1: 5 good, 0 again, 0 lost", "bad: 0"], got


@check("captures as text")
def text():
    one = sent(reading(9, 5, 100, 10)).hex()
    want = ["9 #5 1.00 C 1.0 hPa", "9: 1 good, 0 again, 0 lost", "bad: 0"]
    assert (
        shown("# 7e zz\n" + one[:6].upper() + "#7e 7e\n\n \t" + one[6:10] + "\r\n" + one[10:] + "# end")
        == want
    )
    for capture, line in (
        ("7e\n# x\n\n7 e\n", 4),
        ("# a\n7e7", 2),
        ("7#e\n", 1),
        ("7e\n0\n7e", 2),
        ("#\n#\ng0", 3),
        ("7e 0x01", 1),
    ):
        code, _, errors = said(capture)
        assert (code, errors) == (1, "line %d: not hexadecimal\n" % line), (capture, code, errors)
    done = run("make -s buoys >&2 && ./buoys /no/such/file")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", "cannot open /no/such/file\n"), done


decide()
