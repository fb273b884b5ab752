#pragma once
/*
 * host-survey: what the readers of a host's files share: where they look, and where what they find goes.
 */
#include "docksill/base/text.h"
#include "docksill/engine/facts.h"
#include "docksill/host/gap.h"
#include "docksill/host/root.h"

struct settings;

struct survey {
        const struct host_root *root;
        struct facts *facts;
        struct host_gaps *gaps;
        struct host_notes *notes;
        struct arena *keep;        /* latched: what finds no room is found out at the end */
        struct arena *scratch;     /* of one reader; files and names */
        int64_t engine;            /* process of the engine that is asked; 0: not known */
        struct settings *settings; /* what dockerd is told; survey_config() reads it */
};

/* Bytes of one file. */
#define SURVEY_FILE_MOST ((size_t)1 << 20)
/* Names in one folder. */
#define SURVEY_NAMES_MOST 65536

/* A file, in .scratch. Returns as host_root_read(). */
must_check_ int survey_read(struct survey *s, const char *path, struct str *out);

/* The same of "FOLDER/NAME", or "FOLDERNAME" where @folder ends in a slash or @name begins with one. */
must_check_ int survey_read_in(struct survey *s, const char *folder, struct str name, struct str *out);

/* Names in a folder, in .scratch. */
must_check_ int survey_list(struct survey *s, const char *folder, struct file_names *out);

bool survey_exists(struct survey *s, const char *path);

/* A copy that stays. */
struct str survey_keep(struct survey *s, struct str text);

/* The fact has a value. @cell: its head, in .facts. */
void survey_found(struct fact_head *cell);

/* It has none: what it is about is not there, or it could not be told. */
printf_(3, 4) void survey_off(struct survey *s, struct fact_head *cell, const char *fmt, ...);
printf_(3, 4) void survey_unknown(struct survey *s, struct fact_head *cell, const char *fmt, ...);

/* "PATH: Permission denied", for what a read returned. */
void survey_unread(struct survey *s, struct fact_head *cell, const char *path, int error);

printf_(2, 3) void survey_note(struct survey *s, const char *fmt, ...);

/* What reading returned, in words. */
const char *survey_error(int error);

/* The readers, each for facts of its own. */
void survey_config(struct survey *s);
void survey_files(struct survey *s);
void survey_certificates(struct survey *s); /* of survey_files() */
void survey_group(struct survey *s);
void survey_sysctls(struct survey *s);
void survey_audit_rules(struct survey *s);
void survey_partition(struct survey *s);
void survey_system(struct survey *s);
void survey_programs(struct survey *s);
void survey_ssh(struct survey *s);
