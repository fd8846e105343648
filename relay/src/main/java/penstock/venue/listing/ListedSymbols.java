package penstock.venue.listing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import penstock.venue.Venue;
import penstock.venue.spec.InstrumentsSpec;

/**
 * Compares symbols with the venue's list of instruments, for people: a line for each, which begins with {@code WRONG}
 * if the venue does not have it. Owned by the main thread.
 */
public final class ListedSymbols {
    private final Venue venue;
    private final Request request;

    /** Asks for a part of a list. */
    public interface Request {
        /**
         * The body of an answer with status 200.
         *
         * @throws IOException if there is none, with the reason
         */
        byte[] body(InstrumentsSpec list, int part) throws IOException;
    }

    /** {@code request}: how the list is asked for. */
    public ListedSymbols(final Venue venue, final Request request) {
        this.venue = venue;
        this.request = request;
    }

    /** Where the venue has its list, as a part of a sentence; empty without one. */
    public static String where(final Venue venue) {
        final InstrumentsSpec list = venue.instruments();
        return list == null ? "" : ", a list of instruments at " + list.uri(0).getHost();
    }

    /** The lines; {@code symbols}: as they are published, or as the venue spells them if it publishes them so. */
    public List<String> report(final List<String> symbols) {
        final InstrumentsSpec list = venue.instruments();
        final Set<String> names = new HashSet<>();
        final List<String> lines = new ArrayList<>();
        if (list == null) {
            lines.add("note: the file has no list of instruments; only the form of the symbols is checked");
        } else {
            try {
                for (int part = 0; part < list.size(); part++) {
                    names.addAll(read(list, part));
                }
                lines.add("the venue lists " + names.size() + " instruments");
            } catch (final IOException e) {
                lines.add("WRONG no list of instruments: " + e.getMessage());
                return lines;
            }
        }
        symbols.forEach(symbol -> lines.add(line(symbol, list, names)));
        return lines;
    }

    private Set<String> read(final InstrumentsSpec list, final int part) throws IOException {
        final Set<String> names = list.read(request.body(list, part));
        if (names == null || names.isEmpty()) {
            throw new IOException(list.names().place() + ": " + list.names().written()
                + " finds no name in the answer of " + list.uri(part).getHost());
        }
        return names;
    }

    private String line(final String symbol, final InstrumentsSpec list, final Set<String> names) {
        final String problem = venue.symbols().problem(symbol);
        final String spelling = venue.symbols().spelling(symbol);
        if (problem != null) {
            return "WRONG " + symbol + ": " + problem;
        }
        if (list == null) {
            return symbol + ": the venue's " + spelling;
        }
        if (!list.covers(spelling)) {
            return symbol + ": the venue's " + spelling + ", of a kind that the list does not have";
        }
        return names.contains(spelling) ? symbol + ": listed as " + spelling
            : "WRONG " + symbol + ": the venue does not list " + spelling + "; case counts";
    }
}
