package penstock.venue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Right and wrong uses of the words of venue files, from {@code venue-words.txt}: a line {@code =} with the place of
 * what follows, a line with a word, and of each use a line {@code +} (right) or {@code -} (wrong), with the problems
 * that the reader reports, each in a line {@code !}. Immutable.
 */
final class WordSamples {
    private static final String PLACE = "…";

    /**
     * One use of a word.
     *
     * @param text     the part of a venue file that has it
     * @param problems what the reader reports, none for a right use
     */
    record Sample(String word, boolean isRight, String text, List<String> problems) {
    }

    private final List<Sample> samples = new ArrayList<>();

    private WordSamples(final List<String> lines) {
        String place = PLACE;
        String word = "";
        for (final String line : lines) {
            final String rest = line.length() < 2 ? "" : line.substring(2);
            switch (line.isEmpty() ? '#' : line.charAt(0)) {
                case '#' -> { }
                case '=' -> place = rest;
                case '+' -> samples.add(new Sample(word, true, place.replace(PLACE, rest), List.of()));
                case '-' -> samples.add(new Sample(word, false, place.replace(PLACE, rest), new ArrayList<>()));
                case '!' -> samples.get(samples.size() - 1).problems().add(rest);
                default -> word = line;
            }
        }
    }

    static List<Sample> all() {
        try (InputStream stream = WordSamples.class.getResourceAsStream("/venue-words.txt")) {
            return new WordSamples(new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()).samples;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
