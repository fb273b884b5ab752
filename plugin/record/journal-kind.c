#include "journal-kind.h"

/* Made by systemd-id128 new. */
const struct journal_kind_row journal_kinds[KINDS] = {
        [KIND_REFUSED] = { "cd2c5849c472473b90a8158e3574d5a5", "refused", 4 },
        [KIND_WOULD_REFUSE] = { "b47c30bed0574386864d2ffbaaa8c745", "would be refused", 5 },
        [KIND_WARNED] = { "f2812539826244818acc97b51891e2b8", "let in with warnings", 5 },
        [KIND_ALLOWED] = { "fd29c08eb37740409759f5bd3cf21bb6", "let in", 6 },
        [KIND_START] = { "4d5bba05d74c4b89b4ff5a877dc309d5", "start", 5 },
        [KIND_LAST_GOOD] = { "1caab36d9d4844dcb25f63b8856c89ae", "start with the last good set", 3 },
        [KIND_RELOAD] = { "bd490b7c247e4222bf130b7c71be1493", "reload", 5 },
        [KIND_RELOAD_FAILED] = { "f302eba1813446be842c58d6ab6417cf", "reload that changed nothing", 3 },
        [KIND_STEP] = { "f6423545e7f44771a97f6826e2b468b9", "step", 5 },
        [KIND_STOP] = { "fe327454b1b440da952495dcab558bb3", "stop", 5 },
        [KIND_LOST] = { "05e1c7e4d4cb49ebb55f37500b784590", "records lost", 3 },
        [KIND_MENDED] = { "489ea53dbef944e694f2c06c562d07c7", "torn line", 4 },
        [KIND_MISSED] = { "c7d697664c2a407b9c40d4fbafda3989", "entries missing", 4 },
        [KIND_OTHER] = { "542ff69830be48d4a7ab14f59ecd1e8f", "other", 6 },
};
