package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import penstock.venue.BookFormat;
import penstock.venue.BookFormat.Message;
import penstock.venue.BookFormat.LossSign;
import penstock.venue.TrueBook;
import penstock.venue.TrueBook.Level;
import penstock.venue.Venue;
import penstock.venue.replay.ReplaySpec;

/**
 * A venue that keeps order books, sends them to subscribers in its own format, and loses one of a hundred messages. It
 * counts the losses that the arriving messages show.
 */
final class LossyVenue {
    /** Messages travel for this many steps, in both directions. */
    private static final int UNDER_WAY = 3;
    /**
     * Of one book no more messages are lost within 90 s: a book that breaks more than three times within a minute costs
     * its connection. The first of those may be an older loss: a checksum shows it with a later message, and a missing
     * snapshot is noticed after 15 s.
     */
    private static final int MOST_LOSSES = 2;
    private static final int LOSSES_STEPS = 180;

    /** Detectable losses. */
    int gaps;
    int lost;
    private final BookFormat format;
    private final SplittableRandom random;
    private final ReplaySpec replay;
    private final Map<String, TrueBook> books = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    /** When the newest messages of a book were lost. */
    private final Map<String, Deque<Long>> losses = new HashMap<>();
    private boolean isLossy = true;
    private long step;

    /** On its way to the relay; {@code update} is null unless it is about a book. */
    private record Frame(long due, String text, Message update, String state) {
    }

    private record Asked(long due, String text) {
    }

    /** One connection. */
    final class Line {
        private final FakeUpstreams.Server played;
        private final Deque<Frame> frames = new ArrayDeque<>();
        private final Deque<Asked> asked = new ArrayDeque<>();
        private final Map<String, Integer> subscribed = new LinkedHashMap<>();
        /** The last number that the observer has seen: of a symbol, or of the connection. */
        private final Map<String, Long> last = new HashMap<>();
        private final Map<String, TrueBook> seen = new HashMap<>();
        private int taken;
        private long sent;
        private int ids = 100;

        Line(final FakeUpstreams.Server played) {
            this.played = played;
            replay.onOpen().forEach(text -> send(text, null));
        }

        boolean isOver() {
            return played.isAborted || played.isClosing;
        }

        /** Answers requests, and delivers messages that have arrived. */
        void step(final SubscriberBooks subscriber, final Runnable poll, final String place) {
            while (taken < played.sent.size()) {
                asked.add(new Asked(step + UNDER_WAY, played.sent.get(taken++)));
            }
            while (!asked.isEmpty() && asked.peek().due() <= step) {
                answer(asked.poll().text());
            }
            while (!isOver() && !frames.isEmpty() && frames.peek().due() <= step) {
                final Frame frame = frames.poll();
                played.text(frame.text());
                poll.run();
                if (frame.update() != null) {
                    observe(frame.update());
                    final SubscriberBooks.Entry book = subscriber.of(frame.update().symbol());
                    assertThat(book.isStale ? frame.state() : book.book.state(visible()))
                        .as("%s: what is subscriber of %s after %s", place,
                        frame.update().symbol(), frame.text()).isEqualTo(frame.state());
                }
            }
        }

        private void answer(final String text) {
            final List<String> symbols = books.keySet().stream().filter(text::contains).toList();
            if (text.contains("nsubscribe\"")) {
                symbols.forEach(subscribed::remove);
                acknowledge(text);
            } else if (text.contains("subscribe\"")) {
                for (final String symbol : symbols) {
                    subscribed.put(symbol, ids++);
                }
                acknowledge(text);
                symbols.stream().filter(symbol -> !books.get(symbol).levels().isEmpty())
                    .forEach(symbol -> sendBook(symbol, true, books.get(symbol).levels(), numbers.get(symbol)));
            } else {
                acknowledge(text);
            }
        }

        private void acknowledge(final String text) {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (final String answer : replay.answer(bytes, 0, bytes.length).texts()) {
                // ids belong to the connection
                send(answer.replace("\"chanId\":1,", "\"chanId\":" + (ids - 1) + ","), null);
            }
        }

        /** A message about a book, which may be lost. */
        private void sendBook(final String symbol, final boolean isWhole, final List<Level> levels, final long before) {
            final Integer id = subscribed.get(symbol);
            if (id == null) {
                return;
            }
            final Message update =
                new Message(symbol, isWhole, levels, new TrueBook(format.depth).apply(books.get(symbol).levels()),
                new BookFormat.Numbers(before, numbers.get(symbol), ++sent), id);
            if (isLossy && random.nextInt(100) == 0 && lose(symbol)) {
                lost++;
            } else {
                send(format.encode(update), update);
            }
        }

        private void send(final String text, final Message update) {
            frames.add(new Frame(step + UNDER_WAY, text, update,
                update == null ? null : update.book().state(visible())));
        }

        /** Counts the losses that the venue's numbers show. */
        private void observe(final Message update) {
            final Long before = last.put(format.lossSign == LossSign.CONNECTION ? "" : update.symbol(),
                format.lossSign == LossSign.CONNECTION ? update.onLine() : update.number());
            if (format.lossSign == LossSign.CHECKSUM) {
                observeSum(update);
            } else if (format.lossSign == LossSign.CONNECTION) {
                // each connection counts from 1
                gaps += (before == null ? 0 : before) + 1 != update.onLine() ? 1 : 0;
            } else {
                gaps += before != null && !update.isWhole() && before != update.before() ? 1 : 0;
            }
        }

        private void observeSum(final Message update) {
            if (update.isWhole()) {
                seen.put(update.symbol(), new TrueBook(format.depth));
            }
            final TrueBook book = seen.get(update.symbol());
            if (book != null && book.apply(update.levels()).krakenChecksum() != update.book().krakenChecksum()) {
                seen.remove(update.symbol());
                gaps++;
            }
        }
    }

    LossyVenue(final BookFormat format, final SplittableRandom random, final List<String> symbols) {
        this.format = format;
        this.random = random;
        replay = Venue.load(format.venue, name -> null).replay();
        // a request is recognised by its symbols
        assertThat(symbols).allMatch(symbol -> symbols.stream().filter(other -> other.contains(symbol)).count() == 1);
        symbols.forEach(symbol -> books.put(symbol, new TrueBook(format.depth)));
        symbols.forEach(symbol -> numbers.put(symbol, 1_000L));
    }

    /** False if the book has lost enough. */
    private boolean lose(final String symbol) {
        final Deque<Long> steps = losses.computeIfAbsent(symbol, each -> new ArrayDeque<>());
        steps.removeIf(at -> at < step - LOSSES_STEPS);
        return steps.size() < MOST_LOSSES && steps.add(step);
    }

    /** The part of a book that the venue's rule covers. */
    int visible() {
        return format.lossSign == LossSign.CHECKSUM ? 10 : Integer.MAX_VALUE;
    }

    String state(final String symbol) {
        return books.get(symbol).state(visible());
    }

    void loseNothingMore() {
        isLossy = false;
    }

    void onStep() {
        step++;
    }

    /** A book changes. */
    void change(final List<Line> lines, final String symbol, final boolean isWhole, final List<Level> levels) {
        final int together = format == BookFormat.BITFINEX && !isWhole ? 1 : Math.max(1, levels.size());
        if (isWhole) {
            books.get(symbol).clear();
        }
        for (int from = 0; from < levels.size() || from == 0; from += together) {
            final List<Level> some = new ArrayList<>(levels.subList(from, Math.min(levels.size(), from + together)));
            final long before = numbers.get(symbol);
            numbers.put(symbol, format.next(before, random.nextInt(200)));
            books.get(symbol).apply(some);
            lines.forEach(line -> line.sendBook(symbol, isWhole, some, before));
        }
    }
}
