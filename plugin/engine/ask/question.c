#include "docksill/engine/question.h"
#include "api/container-id.h"
#include "container-lookup.h"
#include "docksill/base/text.h"
#include "image-history.h"
#include "image-lookup.h"
#include "inspected.h"
#include "question-priv.h"
#include "read/driver.h"
#include "read/namespace.h"
#include "read/reading.h"
#include "read/service.h"
#include "volume-lookup.h"

/* Bits of .about beside enum container_lookup_about. */
#define ABOUT_ANSWERED (1u << 8)
#define ABOUT_NO_HOST  (1u << 9) /* of a network: it is not the host's */

struct str question_kind_name(enum question_kind kind) {
        static const struct str names[QUESTION_KINDS] = {
                [QUESTION_IMAGE] = STR("image"),         [QUESTION_VOLUME] = STR("volume"),
                [QUESTION_CONTAINER] = STR("container"), [QUESTION_EXEC] = STR("exec"),
                [QUESTION_NETWORK] = STR("network"),     [QUESTION_PLUGIN] = STR("plugin"),
                [QUESTION_HISTORY] = STR("history"),
        };

        return names[kind];
}

/*
 * dockerd looks for a whole id first, then for a name, and takes the slash before it for part of the one but not of the
 * other: another container may be called by this one's id, and "/ID" in a body is that one, while a path can't say it.
 */
static bool is_slash_and_id(struct str name) {
        return str_starts(name, STR_C("/")) && container_id_is_whole(str_skip(name, 1));
}

/* -- what is asked -- */

/* A request while it is asked of, or told an answer. */
struct lookup {
        struct request *request;
        struct reading in; /* of the request: answers are read as bodies are */
        struct questions *questions;
};

/* Of the plugin that the request is about, or of one that a driver's name leads to. */
static void plugin_told(struct request *request, struct str name, struct str reference) {
        if (str_eq(request->facts.plugin.name.value, name))
                request->facts.plugin.installed = (struct fact_str){ .head.given = true, .value = reference };
        driver_told(&request->facts, name, reference);
}

static void mark_plugin_unknown(struct request *request, struct str name) {
        if (str_eq(request->facts.plugin.name.value, name))
                request->facts.plugin.installed.head.state = FACT_UNKNOWN;
        driver_mark_unknown(&request->facts, name);
}

/* Of a network there is nothing to do: the facts are unknown already. */
static void mark_unknown(struct request *request, const struct question *q) {
        switch (q->kind) {
        case QUESTION_IMAGE:
                if (!q->beside)
                        image_lookup_mark_unknown(request);
                return;
        case QUESTION_VOLUME: volume_lookup_mark_unknown(&request->facts, q->name); return;
        case QUESTION_CONTAINER:
        case QUESTION_EXEC: container_lookup_mark_unknown(&request->facts, q->about); return;
        case QUESTION_PLUGIN: mark_plugin_unknown(request, q->name); return;
        case QUESTION_HISTORY: request->facts.image.history.head.state = FACT_UNKNOWN; return;
        default: return;
        }
}

/* One that still waits for its answer. */
static struct question *find(const struct questions *questions, enum question_kind kind, struct str name) {
        for (size_t i = 0; i < questions->n; ++i) {
                struct question *q = &questions->items[i];

                if (q->kind == kind && !(q->about & ABOUT_ANSWERED) && str_eq(q->name, name))
                        return q;
        }
        return NULL;
}

/*
 * False when it can't be asked, for its odd name: dockerd has nothing under that, unless it is what a link of web's
 * calls another container, "web/db". That leads to it, in a body as in a path.
 */
static bool add(struct lookup *l, const struct question *q) {
        struct question *slot = find(l->questions, q->kind, q->name);

        if (slot) {
                slot->about |= q->about;
                return true;
        }
        if (q->kind == QUESTION_CONTAINER &&
            (str_find(question_name(q), '/') < question_name(q).n || is_slash_and_id(q->name))) {
                request_flawed(l->request, l->in.arena, FLAW_NAME_SLASH, q->name);
                return true;
        }
        if (q->name.n <= QUESTION_NAME_MOST && !question_can_be_asked(q))
                return false;
        slot = l->questions->n < QUESTIONS_MOST && q->name.n <= QUESTION_NAME_MOST
                       ? ARENA_PUSH(l->in.arena, l->questions)
                       : NULL;
        if (slot)
                *slot = *q;
        else
                request_flawed(l->request, l->in.arena, FLAW_TOO_LARGE, STR_C("what is to be looked up"));
        return true;
}

static void ask(struct lookup *l, struct question q) {
        if (!add(l, &q))
                mark_unknown(l->request, &q);
}

/* Of @mounts from @first on. One that is not asked for is settled alone: to walk over all for each would cost their
 * square. A flaw empties the list. */
static void ask_volumes(struct lookup *l, const struct fact_list *mounts, size_t first) {
        for (size_t i = first; i < mounts->n; ++i) {
                struct mount_fact *m = (struct mount_fact *)mounts->items + i;
                const struct question q = { .kind = QUESTION_VOLUME, .name = m->volume.value };

                if (volume_lookup_open(m) && !add(l, &q))
                        volume_lookup_mark_mount_unknown(m);
        }
}

static void ask_image(struct lookup *l) {
        struct str reference = l->in.facts->image.reference.value;

        if (!str_empty(reference))
                ask(l, (struct question){ .kind = QUESTION_IMAGE, .name = reference });
}

static void ask_container(struct lookup *l, struct str name, unsigned about) {
        ask(l, (struct question){ .kind = QUESTION_CONTAINER, .name = name, .about = about });
}

/* EXISTING_REACHED where a rule wants to know it of this request, else nothing. */
static unsigned reached(const struct lookup *l) {
        return l->request->reaches && l->request->operation->asks & ASKS_REACHED ? EXISTING_REACHED : 0;
}

static void ask_joined(struct lookup *l, const struct fact_list *joins) {
        for (size_t i = 0; i < joins->n; ++i)
                ask_container(l, ((const struct join_fact *)joins->items + i)->peer.value,
                              EXISTING_JOINED | reached(l));
}

static bool is_reached(const struct questions *questions, struct str name) {
        for (size_t i = 0; i < questions->n; ++i) {
                const struct question *q = &questions->items[i];

                if (q->kind == QUESTION_CONTAINER && q->about & EXISTING_REACHED && str_eq(q->name, name))
                        return true;
        }
        return false;
}

/* Whoever is in a namespace of another one reaches that one too, and so on; each is asked once. */
static void ask_beyond(struct lookup *l, const struct inspected_host_config *h) {
        struct fact_list joins = { 0 };

        joins_read(&joins, l->in.arena, h->network_mode.value, h->pid_mode.value, h->ipc_mode.value);
        for (size_t i = 0; i < joins.n && !arena_full(l->in.arena); ++i) {
                struct str name = ((const struct join_fact *)joins.items + i)->peer.value;

                if (!is_reached(l->questions, name))
                        ask_container(l, name, EXISTING_REACHED);
        }
}

static const struct question *asked_before(const struct questions *questions, enum question_kind kind,
                                           struct str name) {
        for (size_t i = 0; i < questions->n; ++i)
                if (questions->items[i].kind == kind && str_eq(questions->items[i].name, name))
                        return &questions->items[i];
        return NULL;
}

/* Once: of whoever comes in with its name later on the same is true. One that waits will be told to all of the name. */
static void ask_plugin(struct lookup *l, struct str name) {
        const struct question *before = asked_before(l->questions, QUESTION_PLUGIN, name);

        if (!before)
                ask(l, (struct question){ .kind = QUESTION_PLUGIN, .name = name });
        else if (before->about & ABOUT_ANSWERED)
                driver_share(l->in.facts, name);
}

static void ask_volume_plugin(struct lookup *l, struct str driver) {
        if (!str_empty(driver) && !str_eqz(driver, "local"))
                ask_plugin(l, driver);
}

/* Of volumes from @first on. One that shares in an answer does so with all of its name, which are passed over then. */
static void ask_volume_plugins(struct lookup *l, const struct fact_list *mounts, size_t first) {
        for (size_t i = first; i < mounts->n; ++i) {
                const struct mount_fact *m = (const struct mount_fact *)mounts->items + i;

                if (m->plugin.head.state == FACT_OFF)
                        ask_volume_plugin(l, m->driver.value);
        }
}

/* Those behind the drivers that are not Docker's own. */
static void ask_plugins(struct lookup *l) {
        for (size_t i = 0; i < l->in.facts->drivers.n; ++i) {
                const struct driver_fact *d = (const struct driver_fact *)l->in.facts->drivers.items + i;

                if (!d->own.value)
                        ask_plugin(l, d->name.value);
        }
        ask_volume_plugins(l, &l->in.facts->mounts, 0);
}

static void ask_peers(struct lookup *l) {
        const struct fact_list *peers = &l->in.facts->container.volumes_from;

        if (peers->n > 0)
                l->in.facts->mounts.head.state = FACT_KNOWN; /* what is asked for now will be told, or unknown */
        ask_joined(l, &l->in.facts->container.joins);
        for (size_t i = 0; i < peers->n; ++i)
                ask_container(l, ((const struct peer_fact *)peers->items + i)->peer.value, EXISTING_SHARED);
}

static void ask_networks(struct lookup *l) {
        const struct fact_set *networks = &l->in.facts->service.networks;
        bool open = l->in.facts->container.network.head.state == FACT_UNKNOWN;

        for (size_t i = 0; open && i < networks->n; ++i)
                if (service_network_may_be_id(networks->items[i]))
                        ask(l, (struct question){ .kind = QUESTION_NETWORK, .name = networks->items[i] });
}

/* What is asked for now will be told, or unknown. */
static void reached_will_be_told(struct facts *f) {
        f->reached.asked = (struct fact_bool){ .head.given = true, .value = true };
        f->reached.mounted.head.state = f->reached.powers.head.state = FACT_KNOWN;
}

static void ask_target(struct lookup *l, unsigned asks) {
        ask(l, (struct question){
                       .kind = asks & ASKS_EXEC ? QUESTION_EXEC : QUESTION_CONTAINER,
                       .name = asks & ASKS_COMMITTED ? reading_parameter(&l->in, "container") : l->in.variables[0],
                       .about = EXISTING_TARGET | reached(l) | (asks & ASKS_STARTED ? EXISTING_STARTED : 0),
               });
}

/* Containers first: what they mount raises questions about volumes. Of a service that is no container nothing is
 * asked. */
static void ask_all(struct lookup *l, unsigned asks) {
        if (!str_eqz(l->in.facts->service.runtime.value, "container"))
                return;
        if (reached(l))
                reached_will_be_told(l->in.facts);
        if (asks & (ASKS_CONTAINER | ASKS_EXEC | ASKS_COMMITTED) || (reached(l) && asks == ASKS_REACHED))
                ask_target(l, asks);
        if (asks & ASKS_PEERS)
                ask_peers(l);
        if (asks & ASKS_IMAGE)
                ask_image(l);
        if (asks & ASKS_NETWORKS)
                ask_networks(l);
        if (asks & ASKS_VOLUMES)
                ask_volumes(l, &l->in.facts->mounts, 0);
        if (asks & ASKS_DRIVERS)
                ask_plugins(l);
        if (asks & ASKS_PLUGIN)
                ask_plugin(l, l->in.facts->plugin.name.value);
}

void questions_of(struct questions *out, struct request *request, struct arena *arena) {
        struct lookup l = { .request = request, .questions = out };

        if (flaws_any(&request->flaws) || !request->operation || !request->operation->asks || request->is_response)
                return;
        request_reading(&l.in, request, arena);
        ask_all(&l, request->operation->asks);
        if (flaws_any(&request->flaws))
                *out = (struct questions){ 0 };
}

/* -- what is answered -- */

static bool tell_container(struct lookup *l, const struct question *q, struct str json) {
        struct inspected_container *c = ARENA_NEW(l->in.arena, struct inspected_container);
        size_t n[MOUNT_LISTS];

        for (size_t i = 0; i < MOUNT_LISTS; ++i)
                n[i] = facts_mounts(l->in.facts, i)->n;
        if (!c || !inspected_read(c, &inspected_container_type, l->in.arena, json))
                return false;
        container_lookup_fill(&l->in, q->name, q->about, c);
        if (q->about & EXISTING_TARGET)
                l->request->image_told = !arena_full(l->in.arena);
        if (arena_full(l->in.arena))
                return true;
        for (size_t i = 0; i < MOUNT_LISTS; ++i) {
                ask_volumes(l, facts_mounts(l->in.facts, i), n[i]);
                ask_volume_plugins(l, facts_mounts(l->in.facts, i), n[i]);
        }
        if (q->about & EXISTING_STARTED)
                ask_joined(l, &l->in.facts->target.joins);
        if (q->about & EXISTING_STARTED)
                ask(l, (struct question){ QUESTION_IMAGE, c->image.value, .beside = &c->config });
        if (q->about & EXISTING_REACHED)
                ask_beyond(l, &c->host_config);
        return true;
}

static bool tell_exec(struct lookup *l, const struct question *q, struct str json) {
        struct inspected_exec exec = { 0 };

        if (!inspected_read(&exec, &inspected_exec_type, l->in.arena, json))
                return false;
        ask_container(l, exec.container_id.value, q->about & ~ABOUT_ANSWERED);
        return true;
}

/* Is none of the networks that the service names the host's, for sure? */
static bool no_host(const struct lookup *l) {
        const struct fact_set *networks = &l->in.facts->service.networks;

        for (size_t i = 0; i < networks->n; ++i) {
                bool sure = !service_network_may_be_id(networks->items[i]);

                for (size_t k = 0; k < l->questions->n && !sure; ++k)
                        sure = l->questions->items[k].about & ABOUT_NO_HOST &&
                               str_eq(l->questions->items[k].name, networks->items[i]);
                if (!sure)
                        return false;
        }
        return true;
}

static bool tell_network(struct lookup *l, size_t i, struct str json) {
        struct fact_str *network = &l->in.facts->container.network;
        struct inspected_network told = { 0 };

        if (!inspected_read(&told, &inspected_network_type, l->in.arena, json))
                return false;
        if (str_eqz(told.name.value, "host") || str_eqz(told.driver.value, "host")) {
                network->value = STR_C("host");
                network->head.state = FACT_KNOWN;
                return true;
        }
        l->questions->items[i].about |= ABOUT_NO_HOST;
        if (no_host(l))
                network->head.state = FACT_KNOWN;
        return true;
}

/* What a named volume turns out to be made by is asked for in turn. */
static bool tell_volume(struct lookup *l, struct str name, struct str json) {
        struct str driver;

        if (!volume_lookup_fill(&l->in, name, json, &driver))
                return false;
        if (!arena_full(l->in.arena))
                ask_volume_plugin(l, driver);
        return true;
}

static bool tell_plugin(struct lookup *l, struct str name, struct str json) {
        struct inspected_plugin told = { 0 };

        if (!inspected_read(&told, &inspected_plugin_type, l->in.arena, json))
                return false;
        plugin_told(l->request, name, told.reference.value);
        return true;
}

/* By its id: the name may lead to another one by then. */
static bool tell_image(struct lookup *l, struct str json) {
        const struct fact_str *id = &l->in.facts->image.found_id;

        if (!image_lookup_fill(l->request, &l->in, json))
                return false;
        if (l->request->history && l->request->operation->yields & GROUP_HISTORY && !str_empty(id->value) &&
            !arena_full(l->in.arena))
                ask(l, (struct question){ .kind = QUESTION_HISTORY, .name = id->value });
        return true;
}

/* False: it is not what an engine writes, or there is no memory for it. */
static bool tell(struct lookup *l, size_t i, struct str json) {
        const struct question q = l->questions->items[i]; /* those may move when more are asked */

        switch (q.kind) {
        case QUESTION_IMAGE:
                return q.beside ? image_lookup_compared(l->request, &l->in, q.beside, json) : tell_image(l, json);
        case QUESTION_VOLUME: return tell_volume(l, q.name, json);
        case QUESTION_CONTAINER: return tell_container(l, &q, json);
        case QUESTION_EXEC: return tell_exec(l, &q, json);
        case QUESTION_PLUGIN: return tell_plugin(l, q.name, json);
        case QUESTION_HISTORY: return image_history_fill(&l->in, json);
        default: return tell_network(l, i, json);
        }
}

/*
 * What a container was made of may be gone by now. A peer that is not there yet dockerd keeps by its name, and joins
 * who bears it by then, also when the container is restarted by itself: whoever that will be, nobody can tell.
 */
static void missing(struct request *request, const struct question *q) {
        if (q->about & EXISTING_JOINED)
                container_lookup_missing(&request->facts, q->name);
        if (q->kind == QUESTION_IMAGE && !q->beside)
                image_lookup_missing(request);
        if (q->kind == QUESTION_PLUGIN)
                plugin_told(request, q->name, STR_C(""));
}

void question_answer(struct request *request, struct arena *arena, struct questions *questions, size_t i,
                     enum answer answer, struct str json) {
        const struct question q = questions->items[i];
        struct lookup l = { .request = request, .questions = questions };
        bool told = false;

        if (flaws_any(&request->flaws))
                return;
        request_reading(&l.in, request, arena);
        questions->items[i].about |= ABOUT_ANSWERED;
        arena_latch(arena);
        switch (answer) {
        case ANSWER_TOLD: told = tell(&l, i, json); break;
        case ANSWER_MISSING:
                missing(request, &q);
                told = true;
                break;
        case ANSWER_LARGE: arena_refuse(arena); break;
        case ANSWER_NONE: break;
        }
        if (arena_unlatch(arena)) {
                request_flawed(request, arena, FLAW_TOO_LARGE, q.name);
        } else if (!told) {
                questions->items[i].unreadable = answer == ANSWER_TOLD;
                mark_unknown(request, &q);
        }
}

void questions_mark_unknown(struct request *request, const struct questions *questions, size_t i) {
        for (; i < questions->n; ++i)
                mark_unknown(request, &questions->items[i]);
}
