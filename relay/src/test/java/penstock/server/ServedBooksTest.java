package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.venue.LevelFrames;
import penstock.venue.Venue;

/** Every endpoint sends the levels of books byte for byte as the venue did. */
class ServedBooksTest {
    @ParameterizedTest
    @MethodSource("penstock.venue.LevelFrames#all")
    void shouldServeLevelsAsTheVenueSentThem(final LevelFrames sent) throws IOException {
        try (ServedFeed served = new ServedFeed()) {
            served.live();
            try (EventClient early = events(served);
                SocketClient raw = served.upgraded("/v1/raw?symbols=*&interval=0")) {
                early.readUntil("snapshot");
                served.books(Venue.load(sent.venue(), variable -> "x"), sent.frames());
                assertThat(early.readUntil("update").data()).contains(sent.level(), sent.other());
                assertThat(sent.frames().get(1)).as("a payload of %s", sent.venue()).contains(raw.readFrame().text());
            }
            try (EventClient late = events(served)) {
                assertThat(late.readUntil("snapshot").data()).contains(sent.level(), sent.other());
            }
            for (final String query : new String[] {"", "&depth=1"}) {
                try (SocketClient client = served.connect().get("/v1/snapshot?channel=book" + query)) {
                    assertThat(client.body).contains(sent.level(), sent.other());
                }
            }
        }
    }

    private static EventClient events(final ServedFeed served) throws IOException {
        return new EventClient(served.port(), "/v1/sse?channel=book&symbols=*&interval=0", 0);
    }
}
