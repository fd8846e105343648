package penstock.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/** The examples of each fuzz target, and random mutants of them, hold its invariants. */
class FuzzTest {
    private static final int MUTANTS = 3_000;
    private static final byte[] JSON = "{}[],:\"\\0123456789.eE+-ntrue".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldReadFramesAlikeHoweverTheyAreSplit() {
        fuzz(FrameFuzz.examples(), FrameFuzz::fuzzerTestOneInput, MUTANTS);
    }

    @Test
    void shouldDecodeOrRefuseAnyRequest() {
        fuzz(RequestFuzz.examples(), RequestFuzz::fuzzerTestOneInput, MUTANTS);
    }

    /** Each input loads a venue file, which takes longer. */
    @Test
    void shouldInterpretOrCountAnyFrameOfAVenue() {
        fuzz(VenueFuzz.examples(), VenueFuzz::fuzzerTestOneInput, MUTANTS / 10);
    }

    private void fuzz(final List<byte[]> examples, final Consumer<byte[]> target, final int mutants) {
        examples.forEach(target);
        for (final long seed : seeds.rounds(mutants)) {
            final Random random = Seeds.random(seed);
            final byte[] one = examples.get(random.nextInt(examples.size()));
            target.accept(mutant(one, examples.get(random.nextInt(examples.size())), random));
        }
    }

    /** Some bytes are changed, removed, repeated, or come from another example. */
    private static byte[] mutant(final byte[] one, final byte[] other, final Random random) {
        byte[] bytes = one.clone();
        for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 1; i--) {
            final int at = random.nextInt(bytes.length);
            final int length = random.nextInt(Math.min(16, bytes.length - at) + 1);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = JSON[random.nextInt(JSON.length)];
                case 2 -> bytes = joined(bytes, at, bytes, at + length);
                case 3 -> bytes = joined(bytes, at + length, bytes, at);
                default -> bytes = joined(bytes, at, other, random.nextInt(other.length + 1));
            }
        }
        return bytes;
    }

    /** The first bytes of one, up to {@code to}, and the last of another one from {@code from} on. */
    private static byte[] joined(final byte[] head, final int to, final byte[] tail, final int from) {
        final byte[] all = Arrays.copyOf(head, to + tail.length - from);
        System.arraycopy(tail, from, all, to, tail.length - from);
        return all;
    }
}
