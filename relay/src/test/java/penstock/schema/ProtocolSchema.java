package penstock.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * The schema of the protocol as a relay serves it, in two forms: open, as it is, and closed, which refuses every field
 * that it does not name. Any thread.
 */
final class ProtocolSchema {
    /** Where a new field belongs. */
    static final String FILE = "relay/src/main/resources/penstock/pages/protocol.schema.json";

    /** The fields that tell one message or request from another. */
    private static final List<String> KINDS = List.of("type", "op", "scope");
    /** What has no type, by its first field. */
    private static final Map<String, String> ANSWERS = Map.of("s", "entry", "epoch", "snapshotAnswer", "channel",
        "symbolsAnswer", "ready", "readyAnswer", "ticket", "ticketAnswer");
    private static final String DEFINITIONS = "definitions";
    private static final String PROPERTIES = "properties";
    private static final String REF = "$ref";
    private static final ObjectMapper JSON =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    static final ProtocolSchema SERVED = new ProtocolSchema();

    private final ObjectNode open = (ObjectNode) load("protocol.schema.json");
    private final ObjectNode closed = open.deepCopy();
    private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

    private ProtocolSchema() {
        for (final JsonNode definition : closed.get(DEFINITIONS)) {
            if (definition.has(PROPERTIES)) {
                ((ObjectNode) definition).put("additionalProperties", false);
            }
        }
    }

    /** A file that a relay serves. */
    static JsonNode load(final String name) {
        try (InputStream file = ProtocolSchema.class.getResourceAsStream("/penstock/pages/" + name)) {
            return JSON.readTree(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** One JSON value. */
    static JsonNode parse(final String json) {
        try {
            return JSON.readTree(json);
        } catch (final JsonProcessingException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** The whole file. */
    JsonNode file() {
        return open;
    }

    /** A definition. */
    JsonNode definition(final String name) {
        return open.get(DEFINITIONS).get(name);
    }

    /** The definitions that {@code message} or {@code request} is one of. */
    List<String> kindsOf(final String name) {
        return StreamSupport.stream(definition(name).get("oneOf").spliterator(), false).map(ProtocolSchema::target)
            .toList();
    }

    /** The fields of a definition; none if it is no object. */
    Set<String> fields(final String name) {
        final Set<String> fields = new LinkedHashSet<>();
        definition(name).path(PROPERTIES).fieldNames().forEachRemaining(fields::add);
        return fields;
    }

    /** The fields of a definition and of those that it is made of, as {@code definition.field}. */
    Set<String> allFields(final String definition) {
        final Set<String> fields = new TreeSet<>();
        collect(definition, new HashSet<>(), fields);
        return fields;
    }

    private void collect(final String definition, final Set<String> seen, final Set<String> into) {
        if (seen.add(definition)) {
            fields(definition).forEach(field -> into.add(definition + '.' + field));
            definition(definition).findParents(REF).forEach(reference -> collect(target(reference), seen, into));
        }
    }

    /** Those of them that a value has. */
    Set<String> usedFields(final String definition, final JsonNode value) {
        final Set<String> fields = new TreeSet<>();
        use(definition, definition(definition), value, fields);
        return fields;
    }

    private void use(final String definition, final JsonNode schema, final JsonNode value, final Set<String> into) {
        if (schema.has(REF)) {
            use(target(schema), definition(target(schema)), value, into);
        }
        schema.path("allOf").forEach(part -> use(definition, part, value, into));
        if (value.isObject()) {
            value.properties().forEach(field -> {
                if (schema.path(PROPERTIES).has(field.getKey())) {
                    into.add(definition + '.' + field.getKey());
                    use(definition, schema.get(PROPERTIES).get(field.getKey()), field.getValue(), into);
                }
            });
        }
        if (schema.has("items")) {
            value.forEach(element -> use(definition, schema.get("items"), element, into));
        }
    }

    /** The definition of a message, a request, an entry or an answer by HTTP; null if there is none. */
    String kind(final JsonNode sent) {
        final String first = sent.isObject() && !sent.isEmpty() ? sent.fieldNames().next() : "";
        if (ANSWERS.containsKey(first)) {
            return ANSWERS.get(first);
        }
        return kindsOf(sent.has("type") ? "message" : "request").stream()
            .filter(name -> KINDS.stream().allMatch(kind -> {
                final JsonNode wanted = definition(name).path(PROPERTIES).path(kind).path("const");
                return wanted.isMissingNode() || wanted.equals(sent.get(kind));
            })).findFirst().orElse(null);
    }

    /** What is wrong with a value for one who knows every field of the definition, and no other field. */
    Set<ValidationMessage> faults(final String definition, final JsonNode value) {
        return compiled.computeIfAbsent(definition, name -> compile(closed, "closed", name)).validate(value);
    }

    /** What is wrong with a value for a reader, who ignores what it does not know. */
    Set<ValidationMessage> faultsForReaders(final String definition, final JsonNode value) {
        return compiled.computeIfAbsent("open " + definition, name -> compile(open, "open", definition))
            .validate(value);
    }

    private static String target(final JsonNode reference) {
        final String path = reference.get(REF).asText();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static JsonSchema compile(final ObjectNode file, final String form, final String definition) {
        final ObjectNode root = file.deepCopy();
        root.remove("oneOf");
        root.putArray("allOf").addObject().put(REF, "#/" + DEFINITIONS + '/' + definition);
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(SchemaLocation.of("memory:" + form + '-' + definition), root);
    }
}
