package penstock.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopStateTest {
    private static final List<String> THREE = List.of("a", "b", "c");

    private final TopState state = new TopState();

    @Test
    void shouldSortByOneOrderAfterTheOther() {
        assertThat(state.sort()).isEqualTo("late");
        for (final String next : List.of("blocked", "waiting", "missed", "late")) {
            assertThat(press(TopKey.SORT)).isEqualTo(TopState.Request.LOOK);
            assertThat(state.sort()).isEqualTo(next);
        }
    }

    @Test
    void shouldMoveTheCursorWithinTheSessionsAndKeepItsSession() {
        press(TopKey.DOWN);
        press(TopKey.DOWN);
        assertThat(state.selected()).isEqualTo("b");
        state.press(TopKey.DOWN, List.of("b", "c", "a"));
        assertThat(state.selected()).as("they are sorted in another way now").isEqualTo("c");
        press(TopKey.DOWN);
        assertThat(state.selected()).isEqualTo("c");
        for (int i = 0; i < 4; i++) {
            press(TopKey.UP);
        }
        assertThat(state.selected()).isEqualTo("a");
        state.press(TopKey.DOWN, List.of());
        assertThat(state.selected()).isEqualTo("a");
    }

    @Test
    void shouldCloseASessionOnlyAfterAYes() {
        assertThat(press(TopKey.KICK)).isEqualTo(TopState.Request.NONE);
        assertThat(press(TopKey.QUIT)).as("an answer, not the end").isEqualTo(TopState.Request.NONE);
        assertThat(state.message()).isEqualTo("not closed");
        press(TopKey.KICK);
        assertThat(press(TopKey.YES)).isEqualTo(TopState.Request.KICK);
        assertThat(press(TopKey.YES)).as("once").isEqualTo(TopState.Request.NONE);
        assertThat(state.press(TopKey.YES, THREE)).isEqualTo(TopState.Request.NONE);
    }

    @Test
    void shouldHaveNothingToCloseWithoutSessions() {
        state.press(TopKey.KICK, List.of());
        assertThat(state.asksToKick()).isFalse();
        state.press(TopKey.ENTER, List.of());
        assertThat(state.isDetail()).isFalse();
    }

    @Test
    void shouldGoBackFromOneSessionAndThenEnd() {
        press(TopKey.ENTER);
        assertThat(state.isDetail()).isTrue();
        assertThat(press(TopKey.QUIT)).isEqualTo(TopState.Request.LOOK);
        assertThat(state.isDetail()).isFalse();
        assertThat(press(TopKey.QUIT)).isEqualTo(TopState.Request.QUIT);
    }

    @Test
    void shouldStandStillAndGoOn() {
        press(TopKey.PAUSE);
        assertThat(state.isPaused()).isTrue();
        assertThat(press(TopKey.PAUSE)).isEqualTo(TopState.Request.LOOK);
        assertThat(state.isPaused()).isFalse();
    }

    @Test
    void shouldEndWithCtrlCFromAnywhere() {
        press(TopKey.KICK);
        assertThat(press(TopKey.of(3))).isEqualTo(TopState.Request.QUIT);
        press(TopKey.HELP);
        assertThat(press(TopKey.INTERRUPT)).isEqualTo(TopState.Request.QUIT);
    }

    @Test
    void shouldLeaveTheKeysWithAnyKey() {
        press(TopKey.HELP);
        assertThat(state.isHelp()).isTrue();
        assertThat(press(TopKey.QUIT)).isEqualTo(TopState.Request.NONE);
        assertThat(state.isHelp()).isFalse();
    }

    private TopState.Request press(final TopKey key) {
        return state.press(key, THREE);
    }
}
