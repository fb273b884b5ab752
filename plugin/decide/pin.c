#include "docksill/decide/pin.h"

#include "docksill/base/text.h"

#define VALUE_MOST 1024 /* bytes: what is longer nobody reads, and a record does not hold it */

/* What tells the elements of a list apart: all that a row names; of several rows the first that says something. */
static const struct {
        const char *list, *facts[PINS_MOST + 1];
} rows[] = {
        { "block_limits", { "path" } },
        { "container.annotations", { "name", "value" } },
        { "container.device_requests", { "device" } },
        { "container.device_rules", { "text" } },
        { "container.devices", { "path", "permissions" } },
        { "container.joins", { "namespace", "peer" } },
        { "container.ports", { "host", "address", "protocol" } },
        { "container.ports", { "container", "address", "protocol" } },
        { "container.selinux.options", { "name", "value" } },
        { "container.ulimits", { "name" } },
        { "container.volumes_from", { "peer" } },
        { "drivers", { "kind", "name" } },
        { "images", { "reference" } },
        { "log_options", { "driver", "name", "server" } },
        { "logs", { "driver" } },
        { "mounts", { "source" } },
        { "mounts", { "volume", "driver" } },
        { "mounts", { "target" } },
        { "network.options", { "name", "value" } },
        { "networks", { "name" } },
        { "request.unknown", { "where", "value" } },
        { "service.files", { "kind", "name" } },
        { "sysctls", { "name", "value" } },
        { "target.joins", { "namespace", "peer" } },
        { "texts", { "where" } },
        { "tmpfs", { "name" } },
        { "variables", { "name", "from" } },
};

static const struct fact_path *path_of(const struct pin *pin) {
        return pin->cell;
}

static struct str text_of(const struct pin *pin) {
        return ((const struct fact_str *)pin->cell)->value;
}

static enum fact_type type_of(const struct pin *pin) {
        return pin->fact ? pin->fact->type : FACT_STRING;
}

static bool is_text(enum fact_type type) {
        return type == FACT_STRING || type == FACT_ENUM || type == FACT_ADDRESS || type == FACT_CAPABILITY;
}

/* Does the value say anything? A port of 0 is chosen by the engine. */
static bool says_something(const struct pin *pin) {
        enum fact_type type = type_of(pin);

        if (type == FACT_PATH)
                return path_of(pin)->n > 0;
        if (type == FACT_PORT)
                return ((const struct fact_port *)pin->cell)->hi > 0;
        return type == FACT_BOOL || (is_text(type) && text_of(pin).n > 0);
}

/* What a condition can name, and a record hold. */
static bool has_words(const struct pin *pin) {
        enum fact_type type = type_of(pin);

        if (pin->fact && pin->fact->confidential)
                return false;
        return type == FACT_PATH || type == FACT_BOOL || type == FACT_PORT || is_text(type);
}

/* A folder may be called "*", and a requester may ask for it: in a condition that would be any folder. */
static bool is_pattern(const struct fact_path *path) {
        for (size_t i = 0; i < path->n; ++i)
                if (str_find(path->spelling[i], '*') < path->spelling[i].n)
                        return true;
        return false;
}

static bool is_fit(const struct pin *pin) {
        enum fact_type type = type_of(pin);

        if (pin->fact && ((const struct fact_head *)pin->cell)->state != FACT_KNOWN)
                return false;
        if (type == FACT_PATH) {
                for (size_t i = 0; i < path_of(pin)->n; ++i)
                        if (path_of(pin)->spelling[i].n > VALUE_MOST)
                                return false;
                return !is_pattern(path_of(pin));
        }
        return !is_text(type) || text_of(pin).n <= VALUE_MOST;
}

/* -- an element of a list -- */

/* All of one row, or nothing of it. */
static enum pinned take_row(struct pins *out, const struct rule *rule, const void *element, const char *const *facts) {
        struct pins pins = { 0 };

        for (; *facts; ++facts) {
                const struct fact *fact = fact_find_in(rule->each->element, str_from(*facts));
                struct pin pin = { .alias = rule->alias, .fact = fact };

                if (!fact)
                        return PINNED_NOT;
                pin.cell = fact_cell(fact, element);
                if ((pins.n == 0 && !says_something(&pin)) || !has_words(&pin))
                        return PINNED_NOT;
                if (!is_fit(&pin))
                        return PINNED_NEVER;
                pins.items[pins.n++] = pin;
        }
        *out = pins;
        return PINNED;
}

static enum pinned take_element(struct pins *out, const struct rule *rule, const void *element) {
        enum pinned r = PINNED_NOT;

        if (rule->each->type != FACT_LIST) {
                *out = (struct pins){ .items = { { .alias = rule->alias, .cell = element } }, .n = 1 };
                return is_fit(&out->items[0]) ? PINNED : PINNED_NEVER;
        }
        for (size_t i = 0; i < ARRAY_SIZE(rows) && r == PINNED_NOT; ++i)
                if (str_eqz(rule->each->name, rows[i].list))
                        r = take_row(out, rule, element, rows[i].facts);
        return r;
}

/* -- the request -- */

static enum pinned take_about(struct pins *out, const struct rule *rule, const struct facts *facts, bool wanted) {
        struct pin pin = { .fact = rule->about };

        if (!rule->about)
                return PINNED_NOT;
        pin.cell = fact_cell(rule->about, facts);
        if (!has_words(&pin) || !says_something(&pin))
                return PINNED_NOT;
        if (!wanted && (type_of(&pin) == FACT_BOOL || type_of(&pin) == FACT_ENUM))
                return PINNED_NOT;
        if (!is_fit(&pin))
                return PINNED_NEVER;
        *out = (struct pins){ .items = { pin }, .n = 1 };
        return PINNED;
}

enum pinned pins_of(struct pins *out, const struct rule *rule, const void *element, const struct facts *facts,
                    bool wanted) {
        struct pins pins;
        enum pinned r = !rule->each ? take_about(&pins, rule, facts, wanted)
                        : element   ? take_element(&pins, rule, element)
                                    : PINNED_NEVER;

        if (r == PINNED)
                *out = pins;
        return r;
}

/* -- in words -- */

void pin_add_name(struct text *out, const struct pin *pin) {
        text_add(out, pin->alias);
        if (pin->alias.n && pin->fact)
                text_add_char(out, '.');
        if (pin->fact)
                text_add(out, pin->fact->name);
}

static void add_port(struct text *out, const struct fact_port *port) {
        text_add_char(out, '"');
        text_add_int(out, port->lo);
        if (port->hi != port->lo) {
                text_add_char(out, '-');
                text_add_int(out, port->hi);
        }
        text_add_char(out, '"');
}

static void add_value(struct text *out, const struct pin *pin, void add_text(struct text *, struct str)) {
        if (type_of(pin) == FACT_BOOL)
                text_addz(out, ((const struct fact_bool *)pin->cell)->value ? "true" : "false");
        else if (type_of(pin) == FACT_PORT)
                add_port(out, pin->cell);
        else
                add_text(out, text_of(pin));
}

static void add_spellings(struct text *out, const struct fact_path *path, void add_text(struct text *, struct str)) {
        for (size_t i = 0; i < path->n; ++i) {
                text_addz(out, i ? ", " : "[");
                add_text(out, path->spelling[i]);
        }
        text_addz(out, "]");
}

void pins_add_yaml(struct text *out, const struct pins *pins) {
        for (size_t i = 0; i < pins->n; ++i) {
                const struct pin *pin = &pins->items[i];

                text_addz(out, i ? ", " : "");
                pin_add_name(out, pin);
                text_addz(out, ": ");
                if (type_of(pin) != FACT_PATH) {
                        add_value(out, pin, text_add_yaml);
                } else if (path_of(pin)->n == 1) {
                        text_add_yaml(out, path_of(pin)->spelling[0]);
                } else {
                        text_addz(out, "{in: ");
                        add_spellings(out, path_of(pin), text_add_yaml);
                        text_add_char(out, '}');
                }
        }
}

void pins_add_json(struct text *out, const struct pins *pins) {
        for (size_t i = 0; i < pins->n; ++i) {
                const struct pin *pin = &pins->items[i];

                text_addz(out, i ? ",\"" : "\"");
                pin_add_name(out, pin);
                text_addz(out, "\":");
                if (type_of(pin) == FACT_PATH)
                        add_spellings(out, path_of(pin), text_add_json);
                else
                        add_value(out, pin, text_add_json);
        }
}
