#include "copy-body.h"
#include "owner.h"

#define SECOND INT64_C(1000000000)

/* Checked each second, so that it is told soon; it has as long as its original to become healthy, and then no second
 * chance. */
static bool hurry_health(json_t *config, int64_t grace) {
        json_t *health = json_object_get(config, "Healthcheck");

        return json_object_set_new(health, "Interval", json_integer(SECOND)) == 0 &&
               json_object_set_new(health, "StartInterval", json_integer(SECOND)) == 0 &&
               json_object_set_new(health, "StartPeriod", json_integer(grace * 1000)) == 0 &&
               json_object_set_new(health, "Retries", json_integer(1)) == 0;
}

static bool set_shape(const struct original *o, json_t *config, json_t *host, const struct copy_shape *shape) {
        json_t *mounts = shape->fresh ? o->mounts.fresh : o->mounts.read_only;

        return json_object_set_new(host, "Mounts", json_deep_copy(mounts)) == 0 &&
               json_object_set_new(host, "NetworkMode", json_string(shape->network ? shape->network : "none")) == 0 &&
               json_object_set_new(config, "Labels", json_pack("{s:s}", OWNER_LABEL, shape->owner)) == 0;
}

json_t *copy_body(const struct original *o, const struct form *form, const struct copy_shape *shape) {
        json_auto_t *config = json_deep_copy(o->config);
        json_t *host = json_deep_copy(o->host);

        if (!config || !host || !set_shape(o, config, host, shape) || form_apply(form, config, host) < 0) {
                json_decref(host);
                return NULL;
        }
        if (o->healthcheck && !hurry_health(config, shape->grace)) {
                json_decref(host);
                return NULL;
        }
        return json_object_set_new(config, "HostConfig", host) == 0 ? TAKE(config) : NULL;
}
