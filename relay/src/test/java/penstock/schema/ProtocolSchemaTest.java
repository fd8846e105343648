package penstock.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;
import penstock.ring.ConflationClass;
import penstock.ring.FeedIntroduction;
import penstock.upstream.LossReason;
import penstock.venue.emit.NormalisedChannel;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.Replaces;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;

/** The schema of the protocol says what the page says, what the encoder writes and what the decoder accepts. */
class ProtocolSchemaTest {
    /** What a shortened example lacks. */
    private static final Set<String> CUT = Set.of("required", "minItems", "minLength");
    /** For every field of every request, whether it fits or not. */
    private static final List<String> PROBES = List.of("null", "true", "false", "0", "1", "-1", "1.5", "999",
        "1000", "10000", "10001", "1000000", "1000001", "1000000000000", "1000000000001", "9007199254740992", "\"\"",
        "\"x\"", "\"a\\nb\"", "\"conflate\"", "\"all\"", "\"once\"", "\"gap\"", "\"close\"", '"' + "x".repeat(65) + '"',
        '"' + "x".repeat(129) + '"', "[]", "[\"x\"]", "[\"\"]", "[\"x\",\"x\"]", "[1]", "{}", "{\"epoch\":1}",
        "{\"epoch\":1,\"p\":2}", "{\"epoch\":-1,\"p\":2}", "{\"epoch\":1,\"p\":2,\"symbols\":[\"x\"]}",
        "{\"epoch\":1,\"p\":2,\"q\":3}");

    private static final RequestDecoder DECODER =
        new RequestDecoder(new SessionLimits(50, 5_000, 65_536, 20, 0, Integer.MAX_VALUE));

    private final ProtocolSchema schema = ProtocolSchema.SERVED;
    private final String page = Pages.text("relay/docs/reference/protocol.md");

    @Test
    void shouldBeASchema() {
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(SchemaLocation.of(schema.file().get("$schema").asText())).validate(schema.file())).isEmpty();
    }

    @Test
    void shouldFitEveryMessageOfThePages() {
        final List<String> faults = new ArrayList<>();
        final List<PageMessages> shown = PageMessages.all();
        for (final PageMessages message : shown) {
            final JsonNode json = ProtocolSchema.parse(message.json());
            final String kind = schema.kind(json);
            if (kind == null) {
                faults.add(message.page() + " shows a message of no kind: " + message.json());
            } else {
                schema.faults(kind, json).stream().filter(fault -> !message.isCut() || !CUT.contains(fault.getType()))
                    .forEach(fault -> faults.add(message.page() + ": " + fault + " in " + message.json()));
            }
        }
        assertThat(shown).hasSizeGreaterThan(60);
        assertThat(faults).isEmpty();
    }

    @Test
    void shouldFitEveryMessageOfTheEncoder() {
        final EncodedMessages encoded = new EncodedMessages();
        for (final String text : encoded.messages()) {
            final JsonNode message = ProtocolSchema.parse(text);
            assertThat(schema.faults(schema.kind(message), message)).as(text).isEmpty();
        }
        assertThat(encoded.methods()).isEqualTo(EncodedMessages.allMethods());
    }

    /** Snapshots, updates and requests are in the examples of the page, which a relay sent or accepted. */
    @Test
    void shouldHaveNoFieldThatIsNeverSent() {
        final Set<String> sent = new TreeSet<>();
        Stream.concat(new EncodedMessages().messages().stream(), PageMessages.all().stream().map(PageMessages::json))
            .map(ProtocolSchema::parse)
            .forEach(message -> sent.addAll(schema.usedFields(schema.kind(message), message)));
        final Set<String> known = schema.allFields("message");
        assertThat(known).hasSizeGreaterThan(100);
        assertThat(sent).containsAll(known);
    }

    @Test
    void shouldHaveNoFieldThatThePageLacks() {
        final Set<String> fields = new TreeSet<>(schema.allFields("message"));
        fields.addAll(schema.allFields("request"));
        assertThat(fields.stream().map(field -> field.substring(field.indexOf('.') + 1)).distinct()
            .filter(name -> !page.contains('`' + name + '`') && !page.contains('"' + name + "\":"))).isEmpty();
    }

    @Test
    void shouldHaveEveryFieldOfTheTablesOfThePage() {
        assertThat(firstCells("| field | meaning | when absent |"))
            .hasSize(15).allSatisfy(field -> assertThat(schema.fields("subscribe")).contains(field));
        assertThat(firstCells("| field of an entry | meaning |"))
            .containsExactlyElementsOf(schema.fields("entry"));
    }

    /** Each field of each request with values that fit and values that do not. */
    @Test
    void shouldAcceptTheRequestsThatTheRelayAccepts() {
        final Set<String> fields = new TreeSet<>(Set.of("text"));
        schema.kindsOf("request").forEach(op -> fields.addAll(schema.fields(op)));
        fields.remove("op");
        int accepted = 0;
        for (final String op : schema.kindsOf("request")) {
            for (final String field : fields) {
                for (final String probe : PROBES) {
                    accepted += assertAgreed(request(op, field, probe, "")) ? 1 : 0;
                }
            }
        }
        for (final String field : List.of("interval", "depth", "overflow")) {
            for (final String mode : List.of("all", "once", "conflate")) {
                for (final String probe : PROBES) {
                    final String request = request("subscribe", field, probe, ",\"mode\":\"" + mode + '"');
                    accepted += assertAgreed(request) ? 1 : 0;
                }
            }
        }
        assertThat(accepted).isGreaterThan(100);
    }

    @Test
    void shouldFitTheSituationsOfTheClients() throws IOException {
        final Path folder = Pages.path("relay/clients/situations");
        final JsonNode texts = ProtocolSchema.parse(Files.readString(folder.resolve("common.json"))).get("texts");
        int known = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
                final JsonNode situations = ProtocolSchema.parse(Files.readString(file));
                for (final String name : List.of("receive", "sent")) {
                    for (final JsonNode found : situations.findValues(name)) {
                        for (final JsonNode text : found.isArray() ? found : List.of(found)) {
                            known += assertPlayed(file, texts.path(text.asText()).asText(text.asText())) ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertThat(known).isGreaterThan(300);
    }

    @Test
    void shouldHaveTheWordsOfTheRelay() {
        assertThat(words("mode", Mode.values(), Mode::text)).isTrue();
        assertThat(words("overflow", Overflow.values(), Overflow::text)).isTrue();
        assertThat(words("replaces", Replaces.values(), Replaces::text)).isTrue();
        assertThat(texts(schema.definition("channel").at("/properties/class/enum")))
            .isEqualTo(all(ConflationClass.values(), ConflationClass::spelling));
        assertThat(texts(schema.definition("error").at("/properties/code/examples")))
            .isEqualTo(all(ErrorCode.values(), ErrorCode::code));
        final Set<String> reasons =
            all(EnumSet.complementOf(EnumSet.of(LossReason.STOPPED)).toArray(LossReason[]::new), LossReason::word);
        reasons.add("relay_stuck");
        reasons.add(FeedIntroduction.WAITING);
        assertThat(texts(schema.definition("feedStatus").at("/properties/reason/examples"))).isEqualTo(reasons);
    }

    @Test
    void shouldHaveTheFieldsOfNormalisedChannels() {
        for (final NormalisedChannel channel : NormalisedChannel.values()) {
            assertThat(schema.fields(channel.channel())).containsExactlyElementsOf(channel.fields());
        }
    }

    private List<String> firstCells(final String head) {
        return Pages.rows(page, head).stream().map(row -> row.get(0).replace("`", "")).toList();
    }

    private boolean assertAgreed(final String request) {
        final JsonNode json = ProtocolSchema.parse(request);
        final Set<ValidationMessage> faults = schema.faultsForReaders(json.get("op").asText(), json);
        final byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        String refusal = null;
        try {
            DECODER.decode(bytes, 0, bytes.length);
        } catch (final RequestException e) {
            refusal = e.getMessage();
        }
        // an interval is limited by the configuration, and what it may be is in the welcome
        if (refusal == null || !refusal.startsWith("interval must be between")) {
            assertThat(faults.isEmpty()).as("%s: the decoder says %s, the schema %s", request, refusal, faults)
                .isEqualTo(refusal == null);
        }
        return refusal == null;
    }

    private static String request(final String op, final String field, final String probe, final String more) {
        final String needed = field.equals("symbols") || !op.equals("subscribe") ? "" : ",\"symbols\":[\"A\"]";
        return "{\"op\":\"" + op + '"' + needed + more + ",\"" + field + "\":" + probe + '}';
    }

    /** Situations shorten what does not matter to them, and have messages that a client must ignore or refuse. */
    private boolean assertPlayed(final Path file, final String text) {
        if (!text.matches("\\{'(type|op)'.*}")) {
            return false;
        }
        final JsonNode message = ProtocolSchema.parse(text.replace('\'', '"'));
        final String kind = schema.kind(message);
        if (kind != null) {
            assertThat(schema.faultsForReaders(kind, message).stream().filter(fault -> !CUT.contains(fault.getType())))
                .as(file + ": " + text).isEmpty();
        }
        return kind != null;
    }

    private <E> boolean words(final String definition, final E[] values,
            final Function<E, String> word) {
        return texts(schema.definition(definition).get("enum")).equals(all(values, word));
    }

    private static <E> Set<String> all(final E[] values, final Function<E, String> word) {
        return new TreeSet<>(Arrays.stream(values).map(word).toList());
    }

    private static Set<String> texts(final JsonNode array) {
        return new TreeSet<>(StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList());
    }
}
