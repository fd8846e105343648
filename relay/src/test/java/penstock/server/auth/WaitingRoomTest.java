package penstock.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private final WaitingRoom room = new WaitingRoom();
    private final List<Integer> crowdedOut = new ArrayList<>();

    @Test
    void shouldSendTheOneAwayThatWaitsLongestWhenItIsFull() {
        final List<WaitingRoom.Guest> guests = new ArrayList<>();
        for (int i = 0; i < WaitingRoom.MAX; i++) {
            final int number = i;
            guests.add(() -> crowdedOut.add(number));
            room.enter(guests.get(i));
        }
        room.leave(guests.get(0));
        room.enter(() -> { });
        assertThat(crowdedOut).isEmpty();

        room.enter(() -> { });
        room.enter(() -> { });
        assertThat(crowdedOut).containsExactly(1, 2);
    }
}
