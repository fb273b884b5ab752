#include "image-lookup.h"
#include "docksill/base/clock.h"
#include "docksill/base/date.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"
#include "inspected.h"
#include "read/create.h"
#include "read/gather.h"
#include "read/host-path.h"
#include "read/mount.h"
#include "read/program.h"
#include "read/user.h"
#include "read/variable.h"

/* Builds that are to come out the same at any time say that they are of 1970, or of 1980, where zip's time begins. */
#define AGELESS_UNTIL STR_C("1980-01-03")

/* A container runs what this engine has under the name, a service's tasks what each node has pulled. */
static bool inherits(const struct request *request) {
        unsigned asks = request->operation->asks;

        return asks & ASKS_IMAGE_RUN || (asks & ASKS_IMAGE_PULLED && request->facts.image.pinned.value);
}

static bool leaves_healthcheck(const struct facts *f) {
        return cell_is(&f->container.healthcheck, WORD_UNSET);
}

static struct fact_int age(const struct request *request, struct go_string created) {
        const struct fact_int unknown = { .head.state = FACT_UNKNOWN };
        int64_t now = request->now ? request->now : clock_wall(), at, ageless;

        if (date_time_parse(created.value, &at) < 0 || date_parse(AGELESS_UNTIL, &ageless) < 0)
                return unknown;
        return at < ageless || at > now ? unknown : (struct fact_int){ .head.given = true, .value = now - at };
}

/*
 * What a registry has confirmed: "registry/name@sha256:…". A tag is whatever somebody here gave it. Where containerd
 * keeps the images, an image's id is the digest of its manifest, and the engine makes one of these of every tag (moby
 * daemon/containerd/image_inspect.go): then no registry need have seen it.
 */
static void read_digests(struct reading *in, const struct go_list *references, struct str id) {
        struct facts *f = in->facts;

        f->image.found_digests = (struct fact_set){ .head.given = references->given };
        f->image.found_names = (struct fact_set){ .head.given = references->given };
        for (size_t i = 0; i < references->n && !arena_full(in->arena); ++i) {
                struct image_ref ref;

                image_ref_parse(&ref, in->arena, string_item(references, i));
                if (str_empty(ref.digest))
                        continue;
                fact_set_add(in->arena, &f->image.found_digests, ref.digest);
                if (!str_eq(ref.digest, id))
                        fact_set_add(in->arena, &f->image.found_names, ref.name);
        }
}

static void read_keys(struct arena *arena, struct fact_set *out, const struct go_list *map) {
        *out = (struct fact_set){ .head.given = map->given };
        for (size_t i = 0; i < map->n; ++i) {
                const struct empty_entry *entry = gojson_item(map, i, sizeof(*entry));

                fact_set_add(arena, out, entry->key);
        }
}

static void read_image(const struct request *request, struct reading *in, const struct inspected_image *image) {
        const struct inspected_config *config = &image->config;
        struct facts *f = in->facts;

        f->image.age = age(request, image->created);
        f->image.size = cell_int(image->size);
        f->image.found_id = cell_string(image->id);
        f->image.user = cell_string(config->user);
        f->image.user_root = user_root_cell(config->user.value);
        f->image.user_root.head.given = config->user.given;
        f->image.healthcheck = cell_word(healthcheck_word(&config->healthcheck));
        f->image.found_labels = (struct fact_set){ 0 };
        read_digests(in, &image->repo_digests, image->id.value);
        gather_labels(in->arena, &f->image.found_labels, &config->labels);
        read_keys(in->arena, &f->image.volumes, &config->volumes);
        read_keys(in->arena, &f->image.exposed_ports, &config->exposed_ports);
}

static void inherit_user(struct facts *f) {
        if (f->container.user_given.value)
                return;
        f->container.user_root = f->image.user_root;
        f->container.user_root.head.given = false;
        if (!cell_is(&f->image.user_root, WORD_YES))
                f->container.group_root.value = user_group_root(f->image.user.value);
}

static void inherit(const struct request *request, struct reading *in, const struct inspected_config *config) {
        struct facts *f = in->facts;

        if (f->container.working_dir.n == 0)
                host_path(in->arena, config->working_dir.value, &f->container.working_dir);
        inherit_user(f);
        if (leaves_healthcheck(f))
                f->container.healthcheck.value = f->image.healthcheck.value;
        if (request->inherits_entrypoint)
                program_add(in->arena, &f->container.programs, &config->entrypoint);
        if (request->inherits_command)
                program_add(in->arena, &f->container.programs, &config->cmd);
}

/*
 * ?platform=linux/arm64/v8: an engine that keeps several variants under one name takes that one, and told of the one
 * for its own machine.
 */
static bool is_platform(struct str asked, const struct inspected_image *image) {
        struct str rest = asked, os = str_cut(&rest, '/'), architecture = str_cut(&rest, '/');

        return str_empty(asked) || (str_eq(os, image->os.value) && str_eq(architecture, image->architecture.value) &&
                                    (str_empty(rest) || str_eq(rest, image->variant.value)));
}

bool image_lookup_fill(const struct request *request, struct reading *in, struct str json) {
        struct inspected_image image = { 0 };

        if (!inspected_read(&image, &inspected_image_type, in->arena, json) ||
            !is_platform(reading_parameter(in, "platform"), &image))
                return false;
        read_image(request, in, &image);
        variables_of_image(in, &image.config.env);
        if (inherits(request))
                inherit(request, in, &image.config);
        return true;
}

static bool is_same(const struct go_list *a, const struct go_list *b) {
        if (a->n != b->n)
                return false;
        for (size_t i = 0; i < a->n; ++i)
                if (!str_eq(string_item(a, i), string_item(b, i)))
                        return false;
        return true;
}

/* dockerd cleans a container's folder when it makes it, and leaves an image's as it is. */
static bool is_same_folder(struct arena *arena, struct str container, struct str image) {
        struct fact_path a, b;

        host_path(arena, container, &a);
        host_path(arena, image, &b);
        return !arena_full(arena) && a.n == b.n && (a.n == 0 || str_eq(a.spelling[0], b.spelling[0]));
}

/* An image's Shell is not merged, and its OpenStdin neither, so that any is the requester's. */
bool image_lookup_compared(const struct request *request, struct reading *in, const struct inspected_config *container,
                           struct str json) {
        struct inspected_image image = { 0 };

        if (!inspected_read(&image, &inspected_image_type, in->arena, json))
                return false;
        /* What is put into it now is in no image. */
        in->facts->image.as_built.value =
                !(request->operation->yields & GROUP_COPY) &&
                is_same_folder(in->arena, container->working_dir.value, image.config.working_dir.value) &&
                !container->open_stdin.value && str_eq(container->user.value, image.config.user.value) &&
                is_same(&container->entrypoint, &image.config.entrypoint) &&
                is_same(&container->cmd, &image.config.cmd) && is_same(&container->env, &image.config.env) &&
                is_same(&container->healthcheck.test, &image.config.healthcheck.test) && container->shell.n == 0;
        return true;
}

static void set_inherited(struct request *request, enum fact_state state) {
        struct facts *f = &request->facts;

        if (!f->container.user_given.value)
                f->container.user_root.head.state = (uint8_t)state;
        if (leaves_healthcheck(f))
                f->container.healthcheck.head.state = (uint8_t)state;
}

/* dockerd makes no container then: the client pulls, and asks again. A service's image is pulled by the node. */
void image_lookup_missing(struct request *request) {
        if (request->operation->asks & ASKS_IMAGE_RUN)
                set_inherited(request, FACT_OFF);
}

void image_lookup_mark_unknown(struct request *request) {
        struct facts *f = &request->facts;
        struct fact_head *heads[] = {
                &f->image.age.head,           &f->image.size.head,          &f->image.found_id.head,
                &f->image.user.head,          &f->image.user_root.head,     &f->image.healthcheck.head,
                &f->image.found_digests.head, &f->image.found_names.head,   &f->image.found_labels.head,
                &f->image.volumes.head,       &f->image.exposed_ports.head,
        };

        for (size_t i = 0; i < ARRAY_SIZE(heads); ++i)
                heads[i]->state = FACT_UNKNOWN;
        f->variables.head.state = FACT_UNKNOWN;
        if (inherits(request))
                set_inherited(request, FACT_UNKNOWN);
}
