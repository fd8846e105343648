package penstock.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What simulated clients ask for, drawn at random. */
public final class Wishes {
    private Wishes() {
    }

    /** Names, or a pattern. */
    public static List<String> symbols(final Market market, final Random random) {
        final List<String> drawn = new ArrayList<>();
        switch (random.nextInt(3)) {
            case 0 -> drawn.add("*");
            case 1 -> drawn.add("S" + random.nextInt(market.symbols()) + "*");
            default -> {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    final String symbol = "S" + random.nextInt(market.symbols());
                    if (!drawn.contains(symbol)) {
                        drawn.add(symbol);
                    }
                }
            }
        }
        return drawn;
    }

    /** Terms of a subscription in messages. */
    public static Terms terms(final Random random) {
        final MarketChannel channel = MarketChannel.values()[random.nextInt(4)];
        final boolean isEvent = channel == MarketChannel.TRADE;
        final boolean isBook = channel == MarketChannel.BOOK;
        final boolean isAll = isEvent || random.nextInt(3) == 0;
        final List<String> fields = isBook || random.nextInt(3) > 0 ? List.of()
            : channel == MarketChannel.STATS ? List.of(MarketTopic.FIELDS[random.nextInt(4)], "n")
            : List.of("n", "x");
        return new Terms(channel, isAll, isAll ? 0 : random.nextInt(3) * 20, fields,
            !isEvent && random.nextInt(3) == 0, isBook && !isAll ? random.nextInt(2) * (1 + random.nextInt(4)) : 0);
    }
}
