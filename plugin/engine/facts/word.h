#pragma once
/*
 * word: the words that facts of the type enum are made of.
 *
 * Nothing else can be written to such a cell, so that a slip does not compile. Which of them a fact may have stands in
 * its row (.values).
 */
#include "docksill/engine/facts.h"
#include "docksill/wire/gojson.h"

/* X(NAME, text), sorted. */
/* clang-format off */
#define WORDS(X) \
        X(ADDRESS, "address") \
        X(ALLOWED, "allowed") \
        X(ANONYMOUS, "anonymous") \
        X(BIND, "bind") \
        X(BLOCK_DEVICE, "block-device") \
        X(BUILD_ARG, "build-arg") \
        X(CLIENT_KEY, "client-key") \
        X(CLUSTER, "cluster") \
        X(CONFIG, "config") \
        X(CONTEXT, "context") \
        X(CUSTOM, "custom") \
        X(DATA, "data") \
        X(DEFAULT, "default") \
        X(DENIED, "denied") \
        X(ELSEWHERE, "elsewhere") \
        X(ENGINE, "engine") \
        X(ENV, "env") \
        X(EVERYWHERE, "everywhere") \
        X(GIT, "git") \
        X(HOST, "host") \
        X(HTTP, "http") \
        X(HTTPS, "https") \
        X(IMAGE, "image") \
        X(IPAM, "ipam") \
        X(IPC, "ipc") \
        X(JSON, "json") \
        X(KERNEL, "kernel") \
        X(KEY, "key") \
        X(LINK_LOCAL, "link-local") \
        X(LOCAL, "local") \
        X(LOG, "log") \
        X(LOOPBACK, "loopback") \
        X(MOUNT, "mount") \
        X(NAMED_VOLUME, "named-volume") \
        X(NETWORK, "network") \
        X(NO, "no") \
        X(NONE, "none") \
        X(OBEYED, "obeyed") \
        X(OFF, "off") \
        X(ON, "on") \
        X(ORDINARY, "ordinary") \
        X(OTHER, "other") \
        X(OTHER_FILESYSTEM, "other-filesystem") \
        X(PATH, "path") \
        X(PID, "pid") \
        X(PLAIN, "plain") \
        X(PLUGIN, "plugin") \
        X(PRIVATE, "private") \
        X(PUBLIC, "public") \
        X(RECORD, "record") \
        X(REGISTRY, "registry") \
        X(REMOTE, "remote") \
        X(ROOTLESS, "rootless") \
        X(SECRET, "secret") \
        X(SESSION, "session") \
        X(SET, "set") \
        X(SOCKET, "socket") \
        X(SOME, "some") \
        X(STANDARD, "standard") \
        X(STREAM, "stream") \
        X(TCP_PLAIN, "tcp-plain") \
        X(TEMPLATE, "template") \
        X(TLS_NO_VERIFY, "tls-no-verify") \
        X(TMPFS, "tmpfs") \
        X(UNCONFINED, "unconfined") \
        X(UNKNOWN, "unknown") \
        X(UNREADABLE, "unreadable") \
        X(UNSET, "unset") \
        X(VALUE, "value") \
        X(VOLUME, "volume") \
        X(VOLUME_OPTIONS, "volume-options") \
        X(VOLUMES_FROM, "volumes-from") \
        X(YES, "yes")
/* clang-format on */

#define WORD_CONSTANT(name, text) WORD_##name,
enum word { WORDS(WORD_CONSTANT) };
#undef WORD_CONSTANT

struct str word_str(enum word w);

static inline struct fact_word cell_word(enum word w) {
        return (struct fact_word){ .head.given = true, .value = word_str(w) };
}

/* As docksill has it where the request says nothing. */
static inline struct fact_word cell_word_standard(enum word w) {
        return (struct fact_word){ .value = word_str(w) };
}

/* As a request has it, whatever that is; "" counts as absent. */
static inline struct fact_word cell_word_sent(struct go_string v, enum word default_text) {
        return (struct fact_word){ .head.given = v.given,
                                   .value = str_empty(v.value) ? word_str(default_text) : v.value };
}

static inline bool cell_is(const struct fact_word *cell, enum word w) {
        return str_eq(cell->value, word_str(w));
}
