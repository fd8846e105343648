package penstock.replay;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import penstock.recording.Recording;
import penstock.recording.RecordingException;
import penstock.recording.RecordingOpener;

/**
 * Serves a recording as an upstream WebSocket feed on loopback, on any path.
 *
 * <p>Owned by the thread that created it; the recording is played on the server's io thread.
 */
public final class ReplayServer implements AutoCloseable {
    private final Recording recording;
    private final ReplayScript script;
    private final FeedServer server;

    private ReplayServer(final Recording recording, final ReplayLag lag, final Options options) {
        this.recording = recording;
        script = new ReplayScript(recording, options.venue(), options.speed(), options.isLooping(), lag,
            System::nanoTime);
        server = FeedServer.start(options.port(), script);
    }

    /** Opens the recording and listens. The replay starts when the first client has subscribed. */
    public static ReplayServer start(final Options options) {
        return start(options, RecordingOpener.open(options.file()), null);
    }

    /** Plays {@code recording}, which it closes, with the other options; {@code lag} may be null. */
    static ReplayServer start(final Options options, final Recording recording, final ReplayLag lag) {
        try {
            return new ReplayServer(recording, lag, options);
        } catch (final IllegalStateException e) {
            recording.close();
            throw e;
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** The address to connect to. */
    public String url(final String path) {
        return server.url(path);
    }

    /**
     * Messages of the recording sent so far, over all rounds. One message to three clients counts once.
     */
    public long sentCount() {
        return script.sentCount();
    }

    /** Bytes of these messages, with their line ends. */
    public long sentBytes() {
        return script.sentBytes();
    }

    /** True if the sockets have accepted all messages. Never in a loop. */
    public boolean isFinished() {
        return script.outcome().isDone() && !script.outcome().isCompletedExceptionally();
    }

    /**
     * Completes when the replay is finished; exceptionally, with a {@link RecordingException}, if the recording cannot
     * be read.
     */
    public CompletableFuture<Void> outcome() {
        return script.outcome().copy();
    }

    /** True if the recording has receive times. */
    public boolean isTimed() {
        return recording.isTimed();
    }

    /** The server, with its fault hooks. */
    public FeedServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        recording.close();
    }

    /**
     * Options of a replay.
     *
     * @param file      NAME.jsonl or NAME.jsonl.gz, or the directory of a relay's recordings
     * @param venue     how the venue greets and answers
     * @param port      0 selects a free port
     * @param speed     speed
     * @param isLooping starts again at the end
     */
    public record Options(Path file, VenueScript venue, int port, ReplaySpeed speed, boolean isLooping) {
        /** Plays once, at the recorded speed, on a free port, to every client. */
        public static Options of(final Path file) {
            return new Options(file, VenueScript.NONE, 0, ReplaySpeed.RECORDED, false);
        }

        /** With the answers of a venue. */
        public Options venue(final VenueScript newVenue) {
            return new Options(file, newVenue, port, speed, isLooping);
        }

        /** On a given port. */
        public Options port(final int newPort) {
            return new Options(file, venue, newPort, speed, isLooping);
        }

        /** At another speed. */
        public Options speed(final ReplaySpeed newSpeed) {
            return new Options(file, venue, port, newSpeed, isLooping);
        }

        /** In a loop. */
        public Options looping(final boolean newIsLooping) {
            return new Options(file, venue, port, speed, newIsLooping);
        }
    }
}
