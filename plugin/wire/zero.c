#include "zero.h"

#include "field.h"

static bool is_zero_struct(struct json *j, const struct gojson_type *type, bool empty_counts) {
        enum json_token token;

        for (token = json_next(j); token == TOKEN_STRING; token = json_next(j)) {
                size_t i = gojson_field_find(type, j->text);

                if (i == type->n_fields || json_next(j) != TOKEN_COLON ||
                    !gojson_is_zero(j, json_next(j), type->fields[i].type, empty_counts))
                        return false;
                token = json_next(j);
                if (token != TOKEN_COMMA)
                        break;
        }
        return token == TOKEN_OBJECT_END;
}

bool gojson_is_zero(struct json *j, enum json_token token, const struct gojson_type *type, bool empty_counts) {
        if (token == TOKEN_NULL)
                return true;
        switch (type->kind) {
        case GOJSON_BOOL: return token == TOKEN_FALSE;
        case GOJSON_INT:
        case GOJSON_UINT: return token == TOKEN_NUMBER && str_eqz(j->text, "0");
        case GOJSON_STRING: return token == TOKEN_STRING && str_empty(j->text);
        case GOJSON_LIST:
        case GOJSON_STRSLICE: return token == TOKEN_ARRAY && !empty_counts && json_next(j) == TOKEN_ARRAY_END;
        case GOJSON_MAP: return token == TOKEN_OBJECT && json_next(j) == TOKEN_OBJECT_END;
        case GOJSON_STRUCT: return token == TOKEN_OBJECT && is_zero_struct(j, type, empty_counts);
        case GOJSON_ANY: break;
        }
        return false;
}
