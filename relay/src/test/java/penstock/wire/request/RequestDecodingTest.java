package penstock.wire.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;

class RequestDecodingTest {
    private static final String[] VALUES = {"1", "-7", "1.5", "null", "true", "\"\"", "\"A*\"", "\"a\\\\*b\"", "[]", "{}",
        "\"\\u0001\"", "{\"epoch\":1,\"p\":2}", "{\"epoch\":1,\"p\":2,\"symbols\":[\"A\",\"B*\",3]}", "[\"bid\",\"bid\"]",
        "[[[[[[[[[1]]]]]]]]]", "\"conflate\"", "\"all\"", "250", "{\"a\":{\"b\":[1,{\"c\":2,\"c\":3}]}}", "tru", "[1,"};
    private static final String[] FIELDS = {"id", "sub", "channel", "mode", "interval", "snapshot", "maxRate", "fields",
        "delta", "depth", "overflow", "resume", "symbols", "x", "token"};
    private static final String[] OPS = {"subscribe", "subscribe", "subscribe", "unsubscribe", "change", "list", "ping",
        "auth", "open"};

    private final RequestDecoder decoder = new RequestDecoder(new SessionLimits(50, 60, 65_536, 20, 0, 60_000));

    @Test
    void shouldDecodeInPartsAsInOneGo() {
        final long seed = Long.getLong("penstock.decoding.seed", System.nanoTime());
        final Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            final String text = text(random);
            final String whole = whole(text);
            assertThat(inParts(text, random)).as("-Dpenstock.decoding.seed=%d, request %d: %s", seed, i, text)
                .isEqualTo(whole);
            accepted += whole.startsWith("refused") ? 0 : 1;
        }
        assertThat(accepted).as("seed %d", seed).isBetween(1_000, 19_000);
    }

    @Test
    void shouldTakeAPartForEverySixteenNames() throws RequestException {
        final RequestDecoder wide = new RequestDecoder(new SessionLimits(50, 10_000, 1 << 20, 20, 0, 60_000));
        final byte[] bytes = ("{\"op\":\"subscribe\",\"symbols\":["
            + IntStream.range(0, 10_000).mapToObj(i -> "\"S" + i + "\"").collect(Collectors.joining(",")) + "]}")
            .getBytes(StandardCharsets.UTF_8);
        final RequestDecoding decoding = wide.begin(bytes, 0, bytes.length);
        int parts = 1;
        while (!decoding.advance(() -> true)) {
            parts++;
        }
        assertThat(parts).as("once as JSON, once as symbols").isGreaterThanOrEqualTo(2 * 10_000 / 16);
        assertThat(((Request.Subscribe) decoding.request()).symbols()).hasSize(10_000);
    }

    /** The decoder makes the set of them name by name: at the end it would take milliseconds. */
    @Test
    void shouldCollectTheNamesThatAClientHasWhileItDecodes() throws RequestException {
        final RequestDecoder wide = new RequestDecoder(new SessionLimits(50, 10_000, 1 << 20, 20, 0, 60_000));
        final byte[] bytes = ("{\"op\":\"subscribe\",\"symbols\":[\"*\"],\"resume\":{\"epoch\":1,\"p\":2,\"symbols\":["
            + IntStream.range(0, 9_000).mapToObj(i -> "\"S" + i + "\"").collect(Collectors.joining(","))
            + ",\"A\\\\*\",\"B*\"]}}").getBytes(StandardCharsets.UTF_8);
        final RequestDecoding decoding = wide.begin(bytes, 0, bytes.length);
        int parts = 1;
        while (!decoding.advance(() -> true)) {
            parts++;
        }
        assertThat(parts).isGreaterThanOrEqualTo(2 * 9_000 / 16);
        final Resume resume = ((Request.Subscribe) decoding.request()).resume();
        assertThat(resume.names()).hasSize(9_001);
        assertThat(Stream.of("S0", "S8999", "A*", "B", "B7")).allMatch(resume::claims);
        assertThat(Stream.of("S9000", "A", "A\\*", "C")).noneMatch(resume::claims);
    }

    private String whole(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            return decoder.decode(bytes, 0, bytes.length).toString();
        } catch (final RequestException e) {
            return refusal(e);
        }
    }

    private String inParts(final String text, final Random random) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final RequestDecoding decoding = decoder.begin(bytes, 0, bytes.length);
        try {
            while (!decoding.advance(() -> random.nextInt(4) > 0)) {
                assertThat(decoding.request()).isNull();
            }
            return decoding.request().toString();
        } catch (final RequestException e) {
            return refusal(e);
        }
    }

    private static String refusal(final RequestException e) {
        return "refused " + e.code() + " " + e.path() + " " + e.getMessage() + " " + e.id();
    }

    private static String text(final Random random) {
        final List<String> fields = new ArrayList<>();
        fields.add("\"op\":\"" + OPS[random.nextInt(OPS.length)] + "\"");
        if (random.nextInt(10) > 0) {
            fields.add("\"symbols\":" + symbols(random));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            fields.add("\"" + FIELDS[random.nextInt(FIELDS.length)] + "\":" + VALUES[random.nextInt(VALUES.length)]);
        }
        Collections.shuffle(fields, random);
        final String text = "{" + String.join(",", fields) + "}";
        return switch (random.nextInt(20)) {
            case 0 -> text.substring(0, random.nextInt(text.length()));
            case 1 -> text + VALUES[random.nextInt(VALUES.length)];
            default -> text;
        };
    }

    /** At times more than the limit, or with one that is no symbol. */
    private static String symbols(final Random random) {
        final List<String> symbols = new ArrayList<>();
        for (int i = random.nextInt(64); i >= 0; i--) {
            symbols.add(random.nextInt(200) == 0 ? VALUES[random.nextInt(VALUES.length)]
                : "\"S" + random.nextInt(50) + (random.nextInt(5) == 0 ? "*\"" : "\""));
        }
        return "[" + String.join(",", symbols) + "]";
    }
}
