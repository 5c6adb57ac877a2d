#ifndef PARSE_H
#define PARSE_H

#define MAX_NAME 40

struct posting {
    char account[MAX_NAME + 1];
    long long cents;
};

/* 1: a posting, 0: a comment, -1: an error. */
int parse_line(const char *line, struct posting *posting);

#endif
