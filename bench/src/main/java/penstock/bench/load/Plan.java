package penstock.bench.load;

import java.nio.file.Path;

/**
 * What a run is made of.
 *
 * @param rounds          how often everything is measured; medians of the rounds are told
 * @param seconds         how long each measurement takes
 * @param quotesPerSecond over all symbols
 * @param tradesPerSecond over all symbols
 * @param symbols         how many, up to {@link PacedFeed#MOST_SYMBOLS}
 * @param others          healthy sessions besides those that are looked at
 * @param stalled         sessions that stop to read
 * @param home            the folder of the project
 * @param folder          where results and the relay's log go
 */
record Plan(int rounds, int seconds, int quotesPerSecond, int tradesPerSecond, int symbols, int others, int stalled,
    Path home, Path folder) {
}
