package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import penstock.wire.RequestException;
import penstock.wire.request.SymbolPattern;

/** The symbols and patterns that the clients of a model test subscribe to. */
final class ModelPatterns {
    private static final String[] PATTERNS = {"EUR*", "*USD", "*", "GBPUSD", "USDJPY", "XAUUSD", "NOSUCH", "B*D"};

    private ModelPatterns() {
    }

    /** One to three different patterns. */
    static List<SymbolPattern> draw(final Random random) {
        final Set<String> texts = new TreeSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            texts.add(PATTERNS[random.nextInt(PATTERNS.length)]);
        }
        final List<SymbolPattern> patterns = new ArrayList<>();
        for (final String text : texts) {
            try {
                patterns.add(SymbolPattern.of(text));
            } catch (final RequestException e) {
                throw new IllegalStateException(e);
            }
        }
        return patterns;
    }
}
