package penstock.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;

/** Compares the scanner with jackson-core: what is accepted, and where each value lies. */
@Tag("slow")
class JsonScannerOracleTest {
    private static final int TEXTS = 5_000;
    /** In a name jackson-core refuses half of a surrogate pair, although the grammar allows it. */
    private static final Pattern HALF_OF_A_PAIR = Pattern.compile("\\\\u[dD][89abAB]..(?!\\\\u[dD][c-fC-F])"
        + "|(?<!\\\\u[dD][89abAB]..)\\\\u[dD][c-fC-F]");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldAgreeOnRandomTexts() {
        final RandomJson json = new RandomJson(seeds.random());
        for (int i = 0; i < TEXTS; i++) {
            final byte[] text = json.valid();
            assertThat(compare(text, "random text")).as("valid text: %s", Recordings.text(text))
                .isTrue();
        }
    }

    @Test
    void shouldAgreeOnSpoiledTexts() {
        final RandomJson json = new RandomJson(seeds.random());
        int refused = 0;
        for (int i = 0; i < TEXTS * 5; i++) {
            final byte[] text = json.spoiled(json.valid());
            if (Utf8.errorAt(text, 0, text.length) < 0 && !HALF_OF_A_PAIR.matcher(Recordings.text(text)).find()
                    && !compare(text, "random text")) {
                refused++;
            }
        }
        assertThat(refused).as("spoiled texts").isGreaterThan(TEXTS);
    }

    @Test
    void shouldAgreeOnRecordedFrames() {
        for (final RecordedFeed recording : Recordings.all()) {
            final List<byte[]> frames = recording.frames();
            // the rest is more of the same
            for (int i = 0; i < frames.size(); i += 1 + frames.size() / 300) {
                compare(frames.get(i), recording + " frame " + i);
            }
        }
    }

    @Test
    void shouldAgreeOnUtf8() {
        final Random random = seeds.random();
        for (int i = 0; i < 100_000; i++) {
            final byte[] bytes = new byte[random.nextInt(6)];
            random.nextBytes(bytes);
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] |= random.nextInt(4) == 0 ? 0 : (byte) 0x80;
            }
            boolean isUtf8 = true;
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (final CharacterCodingException e) {
                isUtf8 = false;
            }
            if (Utf8.errorAt(bytes, 0, bytes.length) < 0 != isUtf8) {
                fail(HexFormat.of().formatHex(bytes) + " is UTF-8: " + isUtf8);
            }
        }
    }

    private static boolean compare(final byte[] text, final String where) {
        final JsonOracle oracle = new JsonOracle(text);
        final Map<String, String> expected = new LinkedHashMap<>(oracle.slices);
        oracle.fromEnd.forEach((pointer, slice) -> {
            if (text.length < 2_000) {
                expected.putIfAbsent(pointer, slice);
            }
        });
        expected.keySet().removeIf(pointer -> pointer.matches(".*/-[0-9]{3,}.*"));
        final PointerTrie.Builder builder = new PointerTrie.Builder();
        expected.keySet().stream().limit(500).forEach(builder::slot);
        final JsonScanner scanner = new JsonScanner(builder.build());
        final boolean isJson = scanner.scan(text, 0, text.length);
        assertThat(isJson).as("%s, error at %d: %s", where, scanner.errorAt(), Recordings.text(text))
            .isEqualTo(oracle.isJson);
        if (isJson) {
            int slot = 0;
            for (final Map.Entry<String, String> value : expected.entrySet().stream().limit(500).toList()) {
                final JsonValues values = scanner.values();
                final String slice = values.isPresent(slot)
                    ? new String(text, values.offset(slot), values.length(slot), StandardCharsets.UTF_8) : null;
                if (!value.getValue().equals(slice)) {
                    assertThat(slice).as("%s, %s of %s", where, value.getKey(), Recordings.text(text))
                        .isEqualTo(value.getValue());
                }
                slot++;
            }
        }
        return isJson;
    }
}
