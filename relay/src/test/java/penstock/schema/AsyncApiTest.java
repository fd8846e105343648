package penstock.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;

/** The AsyncAPI file has every message of the protocol, where it is sent. */
class AsyncApiTest {
    private static final String SCHEMA = "protocol.schema.json#/definitions/";

    private final JsonNode api = ProtocolSchema.load("asyncapi.json");
    private final ProtocolSchema schema = ProtocolSchema.SERVED;

    @Test
    void shouldReferToWhatThereIs() {
        final List<String> references = api.findValuesAsText("$ref");
        assertThat(references).hasSizeGreaterThan(80).allSatisfy(reference -> assertThat(reference.startsWith(SCHEMA)
            ? schema.definition(reference.substring(SCHEMA.length()))
            : api.at(reference.substring(1)).isMissingNode() ? null : api).as(reference).isNotNull());
    }

    /** By the schema that its authors publish, which an npm package has. */
    @Test
    @Tag("browser")
    void shouldBeAsyncApi() throws IOException {
        final Path published = Pages.path("relay/src/test/browser/node_modules/@asyncapi/specs/schemas/3.0.0.json");
        assertThat(published)
            .withFailMessage("no %s: npm ci --prefix relay/src/test/browser installs it", published).exists();
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(ProtocolSchema.parse(Files.readString(published))).validate(api)).isEmpty();
    }

    @Test
    void shouldSendAndReceiveEveryMessageOfTheSchema() {
        assertThat(messagesOf("receiveMessages")).containsExactlyElementsOf(schema.kindsOf("message"));
        assertThat(messagesOf("sendRequests")).containsExactlyElementsOf(schema.kindsOf("request"));
        final Set<String> declared = new TreeSet<>();
        api.at("/components/messages").properties().forEach(message -> {
            declared.add(message.getKey());
            assertThat(message.getValue().at("/payload/$ref").asText(SCHEMA + message.getKey()))
                .isIn(SCHEMA + message.getKey(), "");
        });
        final Set<String> known = new TreeSet<>(schema.kindsOf("message"));
        known.addAll(schema.kindsOf("request"));
        known.add("payload");
        assertThat(declared).isEqualTo(known);
    }

    @Test
    void shouldHaveTheAddressesOfThePage() {
        final String page = Pages.text("relay/docs/reference/protocol.md");
        final List<String> addresses = api.get("channels").findValuesAsText("address");
        assertThat(addresses).containsExactly("/v1/ws", "/v1/sse", "/v1/raw")
            .allSatisfy(address -> assertThat(page).contains("`GET " + address));
    }

    /** The parameters that a relay takes, one after the other. */
    @Test
    void shouldHaveTheParametersThatTheRelayTakes() throws Exception {
        final RequestDecoder decoder = new RequestDecoder(new SessionLimits(50, 5_000, 65_536, 20, 0, 60_000));
        final Map<String, String> values = Map.of("delta", "true", "payload", "true", "snapshot", "false", "depth", "5",
            "maxRate", "9", "maxBytesPerSecond", "2000", "interval", "250", "mode", "once", "overflow", "gap");
        final JsonNode query = api.at("/channels/session/bindings/ws/query/properties");
        final List<String> names = new ArrayList<>();
        query.fieldNames().forEachRemaining(names::add);
        // these say who the client is, and are taken before the rest is decoded
        names.removeAll(List.of("device", "ticket"));
        for (final String name : names) {
            final Map<String, List<String>> parameters = new HashMap<>(Map.of("symbols", List.of("A")));
            parameters.put(name, List.of(values.getOrDefault(name, "x")));
            assertThat(decoder.fromQuery(parameters)).isNotNull();
        }
        final Set<String> options = new TreeSet<>(schema.fields("subscribe"));
        options.removeAll(Set.of("op", "id", "sub", "resume"));
        assertThat(names).containsExactlyInAnyOrderElementsOf(options);
    }

    private List<String> messagesOf(final String operation) {
        return api.at("/operations/" + operation + "/messages").findValuesAsText("$ref").stream()
            .map(reference -> reference.substring(reference.lastIndexOf('/') + 1)).toList();
    }
}
