#include "parse.h"

#include <ctype.h>
#include <string.h>

static const char *skip_blanks(const char *p) {
    while (*p && isspace((unsigned char)*p)) {
        p++;
    }
    return p;
}

static const char *skip_word(const char *p) {
    while (*p && !isspace((unsigned char)*p)) {
        p++;
    }
    return p;
}

/* 1 where the text from p to end is an amount. */
static int parse_amount(const char *p, const char *end, long long *cents) {
    int negative = 0, digits = 0;
    long long value = 0;
    if (p < end && (*p == '-' || *p == '+')) {
        negative = *p++ == '-';
    }
    for (; p < end && (isdigit((unsigned char)*p) || *p == '\''); p++) {
        if (*p != '\'') {
            value = value * 10 + (*p - '0');
            digits++;
        }
    }
    if (digits == 0) {
        return 0;
    }
    value *= 100;
    if (p < end) {
        if (*p++ != '.' || end - p < 1 || end - p > 2) {
            return 0;
        }
        for (int worth = 10; p < end; p++, worth /= 10) {
            if (!isdigit((unsigned char)*p)) {
                return 0;
            }
            value += (*p - '0') * worth;
        }
    }
    *cents = negative ? -value : value;
    return 1;
}

int parse_line(const char *line, struct posting *posting) {
    const char *date = skip_blanks(line);
    if (*date == '\0' || *date == '#' || *date == ';') {
        return 0;
    }
    const char *name = skip_blanks(skip_word(date));
    const char *name_end = skip_word(name);
    const char *amount = skip_blanks(name_end);
    size_t length = (size_t)(name_end - name);
    if (length == 0 || length > MAX_NAME || !parse_amount(amount, skip_word(amount), &posting->cents)) {
        return -1;
    }
    memcpy(posting->account, name, length);
    posting->account[length] = '\0';
    return 1;
}
