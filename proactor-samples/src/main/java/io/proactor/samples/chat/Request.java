package io.proactor.samples.chat;

/** What a client asks for with one line. */
sealed interface Request {

    /** Has the hall do it. On the hall's strand. */
    void perform(Hall hall, Member member);

    /** Says something to everyone in the room. */
    record Say(String text) implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.say(member, text);
        }
    }

    /** Takes another name. */
    record Rename(Name name) implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.rename(member, name);
        }
    }

    /** Goes to another room, which is made if it is not there. */
    record Join(Name room) implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.join(member, room);
        }
    }

    /** Wants to know who else is in the room. */
    record Who() implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.who(member);
        }
    }

    /** Says something to one client alone. */
    record Tell(Name name, String text) implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.tell(member, name, text);
        }
    }

    /** Leaves. */
    record Quit() implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.quit(member);
        }
    }

    /** Wants to know what can be asked for. */
    record Help() implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.help(member);
        }
    }

    /** Asks for what there is not, or in a way that is not understood. */
    record Unclear(String answer) implements Request {
        @Override
        public void perform(Hall hall, Member member) {
            hall.answer(member, answer);
        }
    }
}
