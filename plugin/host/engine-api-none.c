#include "docksill/host/engine-api.h"
#include <errno.h>

int engine_api_new(struct engine_api **out unused_, const char *socket unused_,
                   const volatile sig_atomic_t *stop unused_) {
        return -ENOTSUP;
}

int engine_api_new_tcp(struct engine_api **out unused_, const char *address unused_, const char *certificates unused_,
                       const volatile sig_atomic_t *stop unused_) {
        return -ENOTSUP;
}

void engine_api_free(struct engine_api *e unused_) {
}

const char *engine_api_socket(const struct engine_api *e unused_) {
        return "";
}

int engine_api_call(struct engine_api *e unused_, struct engine_answer *out unused_,
                    const struct engine_call *call unused_) {
        return -ENOTSUP;
}
