#include "docksill/host/docker.h"
#include <errno.h>

bool docker_built(void) {
        return false;
}

int docker_new(struct docker **out unused_, const char *socket unused_) {
        return -ENOTSUP;
}

void docker_free(struct docker *d unused_) {
}

int docker_fd(const struct docker *d unused_) {
        return -1;
}

int docker_timeout(const struct docker *d unused_, int64_t now unused_) {
        return -1;
}

void docker_run(struct docker *d unused_, int64_t now unused_) {
}

void docker_ask(struct docker *d unused_, struct docker_get *get unused_) {
}

struct docker_get *docker_next(struct docker *d unused_) {
        return NULL;
}

void docker_cancel(struct docker *d unused_, struct docker_get *get unused_) {
}

void docker_fail(struct docker *d unused_, const char *why unused_) {
}

void docker_get_deinit(struct docker_get *get unused_) {
}
