"""What the North Bank squad says."""

from server.demo.story import Words
from server.demo.tales_en import STORIES

CHEERS = (
    "Hats off. That one was hard-earned.",
    "Yes! Put it on the board.",
    "I heard that through the wall. Well done.",
    "Beautifully done. How did you open?",
    "That is what I call a visit.",
    "Well won. Dinner is on whoever is last today.",
    "And there I was thinking they would never sign.",
    "Two more like this and we can all go home early.",
    "Saluting with both hands from the other side of the river.",
    "You stayed with it for months. Deserved.",
    "Great news to read between two doors.",
    "My customer just asked why I am smiling.",
    "The whole lane is lighter now. Thank you.",
    "Chapeau. Save me the story for the rally.",
    "That makes my afternoon too.",
    "I will use that line on my next stop, with your permission.",
    "Clean. Very clean.",
    "Ring the bell when we meet.",
)
COMFORT = (
    "You went, you asked, you know more now. Next door.",
    "Half of my best customers said no first.",
    "Not your day there. Somebody else's day soon.",
    "Shake it off, the tea at the rally is hot.",
    "They will remember who came in person.",
    "I lost the same one last year. I will tell you how it went on.",
    "Good that you asked why. That is worth the trip.",
    "Head up. The next stop does not know about this one.",
    "I would have had the same answer. We try it together next time.",
    "You kept it friendly, so the door is open.",
    "One no nearer to the yes.",
    "Take five minutes. The street will still be there.",
    "We have all stood in that doorway.",
    "I am two streets away if you want company at the next.",
)
MESSAGES = (
    ("Good stretch. I am on this side until the rain comes.", ()),
    (
        "@{name} are you near the bridge? I have a spare trial unit in the boot.",
        (("Ten minutes away. Keep it for me.", "It has your name on it."),),
    ),
    (
        "The test report for school kitchens is the one they all ask for. Page two, the small table.",
        (("Found it. Thanks.", ""),),
    ),
    ("Traffic on the ring road is standing. Take the river side.", (("Just turned round. Thank you!", ""),)),
    (
        "@{name} your pharmacy called the office and praised you. I thought you should hear it from us.",
        (("That was worth the walk in the rain, then.", "It was."),),
    ),
    ("Half-time: nobody has to hurry. Better one real talk than three doorbells.", (("Heard.", ""),)),
    (
        "Does anyone know who buys for the canteens on Orchard Road?",
        (
            ("Mrs Tang, second floor, mornings only. Likes figures, dislikes brochures.", "Gold. Thank you."),
            ("And bring your own pen, she collects them.", ""),
        ),
    ),
    ("My phone was without signal in the cold store. What you see from there comes a little late.", ()),
    (
        "@{name} they asked me about running costs per litre again. How do you put it?",
        (("Glasses, not litres. One glass costs them less than the paper cup.", "Stolen, with thanks."),),
    ),
    ("Somebody left a blue umbrella in the teahouse. It is behind the counter.", (("Mine!", ""),)),
    ("I moved my pin by hand at the last stop, the phone put me into the river.", (("You float well.", ""),)),
    (
        "Two people in the field need a price for more than twenty. @{name} can you look at it first?",
        (("On it. You both have an answer in a quarter of an hour.", "Perfect, I keep them talking."),),
    ),
    ("Reminder from this morning: one check-in at each door, so that we know whom to help.", ()),
    (
        "The competitor is giving away the first filter. Do not match it, ask who changes the second one.",
        (("Just did. It worked.", "That is the spirit."),),
    ),
    ("Noodles at the old bridge are half price after two. Just saying.", (("Lane changed.", ""),)),
    ("@{name} how is it going over there? You have been quiet.", (("Long talk, good talk. Soon more.", ""),)),
    ("Whoever passes the harbour: the hotel's side door is the one that is open.", ()),
    (
        "Battery at nine percent. If I go quiet, I am at the last stop of my lane.",
        (("Cable at my place.", ""),),
    ),
    (
        "I have twenty minutes left. Does anybody want a second pair of ears?",
        (("Yes please, at my next one. Technical questions coming.", "Walking over."),),
    ),
    ("What we hear everywhere today: lime. Open with lime.", (("And close with the plan.", ""),)),
    ("Nice wins from both ends. The middle is catching up.", ()),
    (
        "@{name} the contract you wanted is with the office, they print two copies.",
        (("You are quicker than the lift.", ""),),
    ),
)
FAR = (
    ("elsewhere", "Met the buyer at the market instead, she had her stall to look after."),
    ("elsewhere", "They asked me to come to the other site, the kitchen is there."),
    ("gps", "Basement. The phone believes I am somewhere else."),
    ("gps", "Between tall houses, the pin jumps."),
    ("address", "They moved in spring, the pin in the file is the old shop."),
    ("elsewhere", "On the phone with the owner, who is on the train."),
)
ARRIVED = (
    "Good luck in there.",
    "Say hello from me, they know me.",
    "Take your time, we are fine here.",
    "If they ask about lime: the photo from the bakery.",
    "I was there in May, coffee is excellent.",
)
HEARD = (
    "Read it. Thanks for telling us.",
    "Good to hear from you.",
    "Noted, I pass it on at the rally.",
    "I am with you.",
    "Makes sense. Let us talk when we meet.",
    "Thank you, that helps me at my next stop.",
)

CALLS = (
    (
        "price",
        "30 units, they hold the other quote of 7,100 against us",
        "Down to 6,480 from 30 units, until this evening. Get the 30 in writing first, then say the number.",
    ),
    (
        "technical",
        "They ask whether it copes with 410 ppm. Is that in writing anywhere?",
        "Up to 500, page two of the sheet, the small table. Offer to measure it now, that always helps.",
    ),
    (
        "sample",
        "She wants to see a school kitchen that has it. Which one may I name?",
        "The one at the bridge is glad to be named. The cook there likes to talk about it.",
    ),
    (
        "people",
        "The owner asks for somebody who can talk about the contract. Can anybody ring?",
        "I ring her in five minutes. Tell her my name, we have met.",
    ),
)

WORDS = Words(STORIES, CHEERS, COMFORT, MESSAGES, FAR, ARRIVED, HEARD, CALLS)
