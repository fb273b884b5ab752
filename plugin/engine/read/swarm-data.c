#include "swarm-data.h"
#include "body.h"
#include "driver.h"
#include "facts/cell.h"
#include "free-text.h"
#include "go-bytes.h"
#include "go-type.h"
#include "service-spec.h"
#include "unknown.h"

struct data_spec {
        bool given;
        struct go_string name, data; /* data: base64 */
        struct go_list labels;
        struct swarm_driver driver, templating;
};

static const struct gojson_field secret_fields[] = {
        GO_FIELD(data_spec, "Name", name, gojson_string),
        GO_FIELD(data_spec, "Labels", labels, gojson_string_map),
        GO_FIELD(data_spec, "Data", data, gojson_string),
        GO_FIELD(data_spec, "Driver", driver, swarm_driver_type),
        GO_FIELD(data_spec, "Templating", templating, swarm_driver_type),
};
static const struct gojson_field config_fields[] = {
        GO_FIELD(data_spec, "Name", name, gojson_string),
        GO_FIELD(data_spec, "Labels", labels, gojson_string_map),
        GO_FIELD(data_spec, "Data", data, gojson_string),
        GO_FIELD(data_spec, "Templating", templating, swarm_driver_type),
};
static const struct gojson_type secret_type = GO_STRUCT_BY(data_spec, secret_fields);
static const struct gojson_type config_type = GO_STRUCT_BY(data_spec, config_fields);

static bool decode(struct reading *in, struct data_spec *out, const struct gojson_type *type) {
        *out = (struct data_spec){ 0 };
        if (!body_decode(in, out, type))
                return false;
        in->facts->swarm.data_name = cell_string(out->name);
        in->facts->swarm.data_templating = cell_string(out->templating.name);
        texts_read_map(in, "Driver.Options", &out->driver.options);
        texts_read_map(in, "Templating.Options", &out->templating.options);
        texts_read_map(in, "Labels", &out->labels);
        return true;
}

void secret_decode(struct reading *in) {
        struct data_spec spec;

        if (decode(in, &spec, &secret_type))
                driver_read(in, WORD_SECRET, "Driver.Name", spec.driver.name.value);
}

void config_decode(struct reading *in) {
        struct data_spec spec;
        struct str data;

        if (!decode(in, &spec, &config_type))
                return;
        if (go_bytes_decode(in->arena, spec.data.value, &data))
                text_read(in, "Data", data);
        else /* Never the value itself: it is what may hold a secret. */
                unknown_value(in, (struct origin){ .field = "Data" }, STR_C("that is no base64"));
}
