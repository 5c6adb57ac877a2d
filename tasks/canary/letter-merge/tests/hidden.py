import json

from judge import check, decide, run


def merge(letter, people):
    code = "import json,sys; a = json.load(sys.stdin); open('/tmp/l', 'w', newline='').write(a[0]); open('/tmp/p', 'w', newline='').write(a[1])"
    return run(f'python3 -c "{code}"; node merge.js /tmp/l /tmp/p', stdin=json.dumps([letter, people]))


def letters(letter, people):
    done = merge(letter, people)
    assert done.exit_code == 0, done
    return done.stdout


@check("quotes, commas, line breaks, CRLF")
def csv():
    assert letters("<{{a}}|{{b}}>\n", 'a,b\r\n"x, ""y""","two\nlines"\r\n plain , \r\n') == '<x, "y"|two\nlines>\n---\n< plain | >\n'
    assert letters("{{a b}}{{c}}\n", '"a b","c"\n1,""\n,2') == "1\n---\n2\n"


@check("every placeholder, with blanks, more than once")
def placeholders():
    assert letters("{{a}}{{ a }}{{  b}}{{a}}", "a,b\n1,2\n") == "1121"


@check("values are taken as they are")
def values():
    assert letters("{{a}} {{b}}", "a,b\n{{b}},$&\n") == "{{b}} $&"
    assert letters("{{a}}", "a\n$1$$\n") == "$1$$"


@check("an unknown column is told before anything is written")
def unknown():
    done = merge("{{a}} {{ nope }}", "a\n1\n")
    assert (done.exit_code, done.stdout, done.stderr.strip()) == (1, "", "unknown column: nope"), done
    done = merge("{{toString}}", "a\n1\n")
    assert (done.exit_code, done.stderr.strip()) == (1, "unknown column: toString"), done


@check("rows of the wrong length are told with their line")
def lengths():
    done = merge("{{a}}", 'a,b\n1,2\n"x\ny",2\n3\n')
    assert (done.exit_code, done.stdout, done.stderr.strip()) == (1, "", "line 5: expected 2 fields, found 1"), done
    done = merge("{{a}}", "a,b\n1,2,3\n")
    assert done.stderr.strip() == "line 2: expected 2 fields, found 3", done


@check("no person")
def nobody():
    assert letters("{{a}}", "a\n") == ""


decide()
