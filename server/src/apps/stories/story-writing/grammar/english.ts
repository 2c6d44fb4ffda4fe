import type { Book } from './book.js';

export const english: Book = {
  openings: [
    'In a house at the end of a quiet lane lived a child called {name}{portrait}. Nothing small went unnoticed there: [a snail on a gatepost|a feather on the path], a cloud shaped like a [teapot|sleeping bear], the first star of the evening.',
    'Not far from here, behind a [green|blue] front door, lives a child by the name of {name}{portrait}. On the day of this story, something was about to begin, although the morning gave nothing away.',
    'This is a story about {name}{portrait}. It is a true sort of story, the kind that begins quietly, on a day that looks [just like any other|as plain as buttered toast], and ends with somebody fast asleep.',
    'Once there was a child called {name}{portrait}. {name} had a pocket full of [smooth pebbles|acorns and string], a head full of questions, and a feeling that today would be different from yesterday.',
  ],
  traits: {
    brave: [
      '{name}’s heart beat a little faster. But being brave does not mean never feeling afraid; it means taking one small step all the same. So {name} breathed in, breathed out, and took one small step. The second one was already easier.',
      'For a moment it would have been easy to turn around. {name} thought about that, and then stood up very straight instead. Brave people have wobbly knees too, Grandma always said. They just take their knees along.',
    ],
    kind: [
      '{name} did what kind people do before anything else, and sat down close by and listened. There was no hurry in it and no clever answer, only a warm hand and enough time. Sometimes that is half of the help already.',
      '“We will manage it together,” said {name} in the kindest voice there was. And strange to say, at the word “together” everything looked a little less difficult, as if somebody had opened a window.',
    ],
    curious: [
      '{name} had at least seven questions at once. How did it happen? What was underneath? What would come next if they only looked a bit closer? That is the good thing about being curious: a problem turns into a riddle, and riddles want to be solved.',
      'Other people might have shrugged. {name} knelt down, looked from the left, looked from the right, and even looked from below. Curious eyes find what hurried eyes miss, and there it was: the first small clue.',
    ],
    funny: [
      '{name} pulled such a funny face that even the silence had to giggle. “There,” said {name}. “Nobody can think with a worried tummy. First we laugh, then we plan.” And that is exactly the order in which they did it.',
      '“Well,” said {name}, “it could be worse. It could be raining custard.” {friend} began to laugh, and then they were both laughing, and after that the trouble seemed to have shrunk by at least one size.',
    ],
    smart: [
      '{name} shut both eyes to think better. What do we know? What do we have? What have we not tried? One after another the thoughts lined up like ducks on a pond, until the last one stuck out its head and was an idea.',
      'With a stick, {name} drew a plan on the ground: one line for what they had, one circle for what was missing, and an arrow from here to there. Put like that, it was not a disaster any more. It was only a puzzle.',
    ],
    adventurous: [
      'A tingle ran all the way down to {name}’s toes. It was the feeling that comes before an adventure, when the path goes round a corner and nobody can see what is behind it. “Come on,” said {name}. “We will know when we get there.”',
      '{name} had waited for a day like this one. Shoes tied, sleeves rolled up, eyes wide open: that was all the luggage an adventure needed. “Which way?” asked {friend}. “Forward,” said {name}, and off they went.',
    ],
    creative: [
      '{name} looked at the things lying around and saw what else they could be. A lid was a wheel, a string was a road, a leaf was very nearly a sail. Where others see odds and ends, a creative head sees the beginning of something.',
      '“What if,” said {name}, and those two words were always a good start. What if we turned it upside down? What if we painted it, folded it, sang it? Ideas came tumbling out like socks from a drawer.',
    ],
    helpful: [
      '{name} did not wait to be asked. There were things to carry, things to hold and things to find, and two helpful hands can do a great deal when they simply begin. Soon {friend} was busy too, for helping is catching.',
      '“What can I do?” asked {name}, as always. It is a small question, but it opens big doors. And while they sorted out who would do what, the trouble got used to the idea of going away.',
    ],
    gentle: [
      '{name} moved slowly and spoke softly, the way one does near a sleeping cat. Gentle people hear more than loud ones. And in the quiet, it became clear what was needed, without anybody having to shout it.',
      '{name} stretched out a hand, as lightly as if there were a soap bubble on it. “It is all right,” said the hand, without a word. Gentleness takes a little longer, but it gets everywhere.',
    ],
    magical: [
      'Something began to tingle in {name}’s fingertips, as it did on very special days. It was a small magic, not a loud one: the air smelled of [cinnamon|oranges], the shadows turned a friendly blue, and suddenly all sorts of things seemed possible.',
      '{name} whispered a secret word, one that had never been written down. Nothing flashed and nothing banged. But the light grew a little more golden, and {friend} said, very quietly, “Oh.” That is how real magic sounds.',
    ],
  },
  otherTrait: [
    'Ask anyone about {name}, and the first word that they will say is “{trait}”. On this day it turned out what that is good for. {name} took a deep breath and began, with a calm smile, exactly where the trouble was.',
    '“{trait}” is the word people use for {name}, and they mean it well. Perhaps that was the reason why nobody thought of giving up now. {name} looked at {friend}, {friend} looked at {name}, and they both nodded.',
  ],
  abilities: [
    'Then {name} remembered something special, a talent that not everybody has: {ability}. It was not meant for showing off. It was meant for moments just like this one, and it worked so softly that only {friend} noticed it happening.',
    'Now, there is one thing you should know about {name}: {ability}. Most days there is no need for it. But today was not most days, and so it came out of its hiding place, a little shy at first, and then in all its splendour.',
    'It was time for {name}’s secret. {friend} had never seen it before: {ability}! It lasted no longer than a breath or two, but sometimes a breath or two is all it takes to change how a story goes.',
  ],
  noAbility: [
    'Then {name} had a thought, and it was the simplest thought of all. Nobody has to do everything. Everybody only has to do the one thing that they can do well, and then pass the rest along. {friend} liked that thought very much.',
    'They rested for a while, shared an apple in equal halves, and watched the light move. It is odd how much you can see when you stop looking for it. {name} put down the apple core. “Now I know,” came the whisper.',
  ],
  endings: [
    'Later, in bed, {name} told the whole story once more, in a voice that got slower and slower. The blanket was warm, the house was still, and outside the night kept watch. One last yawn, one last smile. Sleep well, {name}.',
    'That night {name} lay under the soft blanket and listened. The clock ticked, the wind breathed in the trees, and somewhere far away an owl said good night to the moon. With each breath the day grew quieter, until it was a dream.',
    'And when the lamp was turned down, the day folded itself up like a picture book. {name}’s eyes grew heavy. Everything was in its place: the stars outside, the slippers under the bed, and a happy thought under the pillow. Good night.',
    'In the evening, a kiss landed on {name}’s forehead, as light as a moth. “Was it a good day?” asked a voice by the door. “The best,” {name} murmured, already half asleep. Then the room was dark and friendly, and all was well.',
  ],
  plots: {
    'Bedtime Adventure': {
      titles: ['{name} and the Star That Could Not Sleep', 'The Night {name} Found a Star'],
      friends: [
        ['a small grey owl called Pim', 'Pim'],
        ['a moth with silver wings, whose name was Luma', 'Luma'],
        ['a sleepy hedgehog called Tock', 'Tock'],
      ],
      setting:
        'One evening, when teeth were brushed and the curtains drawn, something tapped at the window. On the sill sat {intro}. “Forgive me for calling so late,” said the visitor, “but the smallest star of all has fallen into your garden. And down here it cannot go to sleep.”',
      problem:
        'They found it between the [tulips|lavender bushes]: a star no bigger than a button, blinking in the wet grass. “I slipped,” it sniffed, “and the sky is so very high.” Its light grew paler with every breath. And far above, where it belonged, there was a tiny gap in the night.',
      middle:
        'Together they climbed the old apple tree, branch by branch, with the star tucked into the hood of {name}’s dressing gown. From the top they could see the whole sleeping town: the roofs, the silver river, one cat walking home. But the sky was still a long way off. “What if nobody up there has missed me?” asked the star.',
      resolution:
        '“Listen,” said {name}, and began to hum the lullaby that was sung in the house every night. {friend} hummed along. One after another, the stars leaned down to hear, and the nearest one lowered a thread of moonlight as fine as spider silk. The little star held on tight. Up it went, [swinging and glowing|slowly and shining], until the gap in the night was closed.',
      home: '“Thank you,” twinkled a voice from very far away. {friend} came along as far as the window, bowed, and was gone. There was only the garden now, and the smell of grass, and a warm bed that had been waiting patiently.',
    },
    'School Day Fun': {
      titles: ['{name} and the Paper Town', 'The Day {name}’s Class Built a Town'],
      friends: [
        ['Noor, who was new in the class and hardly ever spoke', 'Noor'],
        ['Sasha, who was new in the class and very shy', 'Sasha'],
        ['Robin, who had moved here only a week ago', 'Robin'],
      ],
      setting:
        'At school, today was the day of the paper town. For weeks the class had built it out of boxes and cardboard: a bakery, a station, a tower with a clock. At eleven o’clock the whole school would come to see it. At the desk beside {name} sat {intro}.',
      problem:
        'But when the door was opened, everybody gasped. Somebody had forgotten the window, and the night wind had played in the classroom. The bakery lay on its side. The tower had lost its top, and the paper bridge was nothing but a [crumpled|soggy] ribbon. “Two hours,” said the teacher quietly. “I am afraid that is not enough.”',
      middle:
        'Soon there was glue on every sleeve. Some put up the houses, some painted the roofs, and the station got a new clock made of a bottle top. Only the bridge would not stand, however they folded it. Then {name} saw that {friend} was holding a drawing under the desk: a bridge with two great arches, every beam in its place.',
      resolution:
        '“You know how to do it,” said {name}. “Will you show us?” {friend} went red, then nodded, and then spoke more words than in the whole week before: here a ruler, there a string, and tie it like this. At five to eleven the bridge stood. A toy train rolled across, and it did not even tremble.',
      home: 'The whole school clapped until the windows hummed. “Who built the bridge?” asked the headteacher. “All of us,” said {friend}, in a clear voice, and smiled at {name}. On the way home the two of them counted every real bridge they crossed. There was only one, so they counted it twice.',
    },
    'Birthday Celebration': {
      titles: ['{name} and the Birthday Nobody Knew', '{name} and the Second Cake'],
      friends: [
        ['Muffin, the ginger cat from next door', 'Muffin'],
        ['Pepper, a small dog with one white ear', 'Pepper'],
        ['Button, the fat tabby cat from across the road', 'Button'],
      ],
      setting:
        'It was {name}’s birthday, and the kitchen smelled of [vanilla|chocolate]. Paper chains hung from the lamp, and the guests would come at three. On the doorstep, between two flower pots, sat {intro}, beside a parcel in blue paper that nobody had put there.',
      problem:
        'There was no name on the parcel, only a date: today’s date, and a year so long ago that it looked like a telephone number. “Somebody else has a birthday today,” said {name} slowly. “Somebody old. And their present has come to the wrong door.” A birthday without a present, perhaps without a single candle: that would not do at all.',
      middle:
        'So they went along the street and rang every bell. The baker’s birthday was in May. The twins from number nine had theirs in winter. At the very last house, where the roses grew over the fence, the curtains were half closed and a clock ticked behind the door. {friend} sat down on the mat and would not move another step.',
      resolution:
        'Old Mr Alder opened, in slippers. He looked at the blue parcel for a long time. “From my brother, across the sea,” he said. “I thought that everyone had forgotten.” “Then you must come to us,” said {name}. “We have a cake, and there is room on it for two sorts of candles.” And Mr Alder put on his best bow tie.',
      home: 'It was the loudest birthday song that the street had ever heard, for it was sung twice. Mr Alder showed everybody how to make a coin vanish, {friend} slept on the wrapping paper, and when the candles went out, two people wished at the same time. Nobody told what, but both of them smiled.',
    },
    'Weekend Explorer': {
      titles: ['{name} and the Place Where the Brook Begins', '{name} Follows the Water'],
      friends: [
        ['a young otter named Rill', 'Rill'],
        ['a green frog with very good manners, called Mr Plop', 'Mr Plop'],
        ['a blue dragonfly that answered to the name of Zip', 'Zip'],
      ],
      setting:
        'It was Saturday at last, and behind the meadow the brook was talking to itself. It came from somewhere, that much was certain, but nobody in the village could say from where. On a stone in the middle of the water sat {intro}. “I have always wanted to know that, too,” it said.',
      problem:
        'So they followed the water upwards, under the willows and past the old mill. Then the valley grew narrow, and they came to a wall of bramble as high as a house. The brook slipped through underneath, chuckling. But for an explorer with a rucksack, there was no way through. [“What now?”|“Is this the end?”] asked {friend}.',
      middle:
        'Beside the thorns they found a path that only [deer|foxes] used, with tiny footprints in the mud. It led over roots and around mossy rocks, up and up, until the brook was so small that {name} could step across it. Then they came to a place where three thin trickles met. Which of them was the real beginning?',
      resolution:
        '“Let us ask the water,” said {name}, and put a leaf on each of the three. The first leaf stood still. The second one turned in a circle. But the third came dancing down as if it knew the way. And there, under a fern, they found it: a hole no bigger than a teacup, in which the whole brook began, as clear as glass.',
      home: 'They each drank one cold sip and did not say a word, for there are places that speak for themselves. {name} drew the spring on the map, with a tiny crown. Then they let themselves be led back by the water, past mill and willow, while the light turned the colour of honey.',
    },
    'Rainy Day Magic': {
      titles: ['{name} and the Music of the Rain', 'The Rain Band of {name}'],
      friends: [
        ['Captain Wool, a knitted rabbit with one loose button', 'Captain Wool'],
        ['Bertha, a patchwork elephant who had seen many rainy days', 'Bertha'],
        ['Moss, a small cloth bear with a very serious face', 'Moss'],
      ],
      setting:
        'It rained. It rained on the roof, on the bicycle, on the sandpit, and it did not look as if it meant to stop before Thursday. {name} sat in a tent made of blankets and sighed. “Psst,” said somebody. It was {intro}. “Do you hear that? The rain is practising. But it has lost the beat.”',
      problem:
        '{name} listened. It was true. The drops fell plip, and plop, and then nothing for a while, and then plip-plip-plip all at once, like a drummer who has lost both sticks. “As long as it cannot find its song,” said {friend}, “it cannot finish it. And as long as it cannot finish, it has to rain.”',
      middle:
        'They fetched everything that could make a sound: three pans, a biscuit tin, [five|seven] jam jars filled with water, one low, one high. They put them in the attic, under the window in the roof. Plip, went the pan. Plong, went the jar. It was a beginning, but it was not a song yet. It still needed somebody to lead it.',
      resolution:
        '{name} took a wooden spoon and raised it high. One, two, three: the roof gave the rhythm, the gutter sang the bass, and the jars rang out like bells. {friend} danced so wildly that the loose things flew. And the rain caught on! It drummed and whispered and sparkled, through one whole song, right up to the last, long note.',
      home: 'Then it was still. A single drop hung from the gutter with the sun inside it, and over the gardens stood a rainbow, as wide as applause. {name} opened the window and smelled the wet earth. “Same time tomorrow?” asked {friend}, and was, when anybody looked, a toy like any other.',
    },
    'Family Time': {
      titles: ['{name} and the Evening Without Lights', 'When the Lights Went Out at {name}’s House'],
      friends: [
        ['Biscuit, the old dog', 'Biscuit'],
        ['Marble, the cat, who belonged to everybody', 'Marble'],
        ['Waffle, the dog with the very long ears', 'Waffle'],
      ],
      setting:
        'On this evening the whole family was at home, which did not happen often. And still, everyone was somewhere else: one at the computer, one at the telephone, one behind a newspaper. In the middle of the carpet lay {intro}, and right beside lay {name}, and both were bored.',
      problem:
        'Click, said something in the cellar, and the whole house went black. No lamp, no screen, no humming from the fridge. “Oh no,” came from the left. “My work!” came from the right. For a while everybody stumbled about and bumped into chairs, and somebody stepped into a bowl of [biscuits|water]. It did not sound like a cosy evening.',
      middle:
        'In the drawer there were candles, the stubby sort that are kept for nothing in particular. {name} put them on the table, and one by one faces appeared in the golden light: Grandma’s, then all the others. They looked at each other as if after a long journey. “And now?” asked somebody. The wall was white and empty, and on it their shadows waited.',
      resolution:
        'It started with {name}’s hands, which turned into a bird. Grandma’s became a wolf with a bad cold. Soon a whole forest was living on the wall, with a dragon made of two uncles, and {friend} strolled through the picture as a giant. Grandma told how she had been lost in the snow as a child, a story that nobody had ever heard before.',
      home: 'When the lamps came on again, everybody blinked. It was quiet for a moment. Then {name} stood up and switched them off. “Just a little longer,” said the family, all at once, and they moved closer together under the big blanket, like bread rolls in a basket.',
    },
    'Making Friends': {
      titles: ['{name} and the Red Kite', '{name} and the Kite in the Oak Tree'],
      friends: [
        ['a child called Yuki, who had come to this town only yesterday', 'Yuki'],
        ['a child called Elif, who did not know a single person here', 'Elif'],
        ['a child called Luca, who spoke a language that nobody here knew', 'Luca'],
      ],
      setting:
        'The park was full of voices that day. Only on the bench under the oak tree was it quiet. There sat {intro}, looking up. {name} looked up, too. High in the branches hung a red kite with a long tail, and it trembled in the wind like a caught bird.',
      problem:
        '“Is that yours?” asked {name}. There was only a nod in answer, and a very small one. Saying hello is the hardest part of a new place, for the words sit in your throat like crumbs. And now the only familiar thing was hanging up there, where the branches were far too thin to climb.',
      middle:
        'They tried a stick, but it was too short. They tried a ball, but it stayed up there as well. By now others had come over: a girl with a skipping rope, two brothers with a net, a grandfather with good advice. Everybody knew something, and nobody knew quite enough. {friend} pointed at the rope, then at the net, then at the long stick.',
      resolution:
        'Of course! Rope to stick, net to rope: together they made a fishing rod for kites. {name} held the bottom, {friend} steered the top, and the others called “left” and “right” and “nearly”. With a soft rustle the red kite came loose and sailed down, straight into four open hands. And then everybody was laughing in the same language.',
      home: 'They let it fly until the sun stood low, each of them holding the string for a hundred heartbeats. “Tomorrow?” asked {friend} at the gate. It was only one word. But it is the best word that two new friends can say to each other, and {name} said it right back.',
    },
    'Learning Something New': {
      titles: ['{name} and the Two Beginners', '{name} Learns to Ride'],
      friends: [
        ['a young sparrow called Pip', 'Pip'],
        ['a little swallow with ruffled feathers, called Fleck', 'Fleck'],
        ['a small robin by the name of Dot', 'Dot'],
      ],
      setting:
        'In the yard stood a bicycle, [yellow as a lemon|blue as a plum], without any stabilisers. Today was the day to learn it. On the wall beside it sat {intro}, peering down with a worried look. “I am supposed to fly today,” it peeped. “Everybody says it is easy. Everybody who can do it already.”',
      problem:
        '“I know what you mean,” said {name}, and climbed on. The bicycle leaned to the left, then to the right, and then it lay in the [daisies|grass] with its wheel turning. On the wall, there was a flutter, a squeak and a soft bump. They looked at each other. There was one scraped knee and one crooked feather.',
      middle:
        '“What did you do wrong?” asked {friend}. “I looked at my feet,” said {name}. “And you?” “I looked at the ground.” So that was it! They tried again and looked straight ahead, at the gate, where the road begins. Three turns of the pedals. Five wingbeats. Then a bump again, but a smaller one, and much further along.',
      resolution:
        'They counted their falls out loud, as if they were points. Seven. Eight. At the ninth start, {name} forgot to be careful, because the wind felt so good, and {friend} forgot as well. And suddenly the yard was gliding past, the gate came closer, and in the air just above the handlebars flew a very small bird, singing at the top of its voice.',
      home: 'They did not stop until they had gone three times around the pump. “It is easy,” panted {friend}. “It is not,” said {name}, “but we can do it now.” The knee got a plaster with stars on it. The feather straightened itself out. And the bicycle was allowed to stand in the hall that night.',
    },
    'Helping Others': {
      titles: ['{name} and the Morning Bread', '{name} and the Baker’s Donkey'],
      friends: [
        ['Oskar, the baker’s donkey', 'Oskar'],
        ['Clementine, the baker’s small brown pony', 'Clementine'],
        ['Barley, the baker’s big, slow dog', 'Barley'],
      ],
      setting:
        'Every morning the whole village woke up to the smell of fresh bread. But on this day the baker sat in front of his shop with a bandaged foot. “I slipped on the flour,” he said. “The rolls are baked, but who will take them around?” Beside him, in front of a loaded cart, stood {intro}, and did not know where to go.',
      problem:
        'Twelve baskets were on the cart, and each had a ribbon of another colour. Only the baker knew which of them belonged to whom. “Red is for the school,” he began, “green is for …” But then his foot hurt so much that he had to lie down. Up and down the street, hungry people were already opening their [shutters|windows].',
      middle:
        'They went from door to door. The lady with the green hat got the green ribbon, and that was right. The smell of poppy seeds led them to the painter, who was fond of nothing else. So it went, basket by basket, with {friend} stopping now and then of its own accord, exactly where there was a sugar lump on most days. In the end one basket was left, and no door.',
      resolution:
        'It was the smallest one, with a white ribbon. {name} thought of everybody who had not been at their window this morning, and then thought of one more. “It must be his own,” said {name}. “He has baked for all of us, and had no breakfast himself.” So they turned the cart around and brought the baker his bread, still warm, with butter.',
      home: 'By noon the whole village knew about it. Someone swept the bakery, someone carried wood, someone made a cushion for the foot. “I only had bread to give,” said the baker, and wiped his eyes, which were certainly full of flour. {friend} got two sugar lumps, and {name} got the very first roll of the next day.',
    },
    'Holiday Adventure': {
      titles: ['{name} and the Little Seal in the Fog', '{name} and the Song of the Shell'],
      friends: [
        ['a small seal with very round eyes, who was called Nele', 'Nele'],
        ['a seal pup by the name of Finn', 'Finn'],
        ['a spotted little seal that answered to Olly', 'Olly'],
      ],
      setting:
        'The holidays smelled of salt and sun cream. {name} had already built [three castles|a whole city] in the sand when the fog came in from the sea, soft and white as milk. Behind the last rock, something sneezed. It was {intro}. “I only wanted to look at the castles,” it said in a tiny voice. “And now I cannot see my mother any more.”',
      problem:
        'The beach was gone. The sea was gone. There was only white, and in the white the waves were whispering, now from here and now from there. Somewhere out there a mother was calling, but the fog swallowed every sound before one could tell where it came from. {friend} pressed close to {name}’s knee and shivered.',
      middle:
        'First they followed the line of seaweed that marks where the water had been. Then they felt their way along the harbour wall, stone by stone, up to the place where the boats are moored. At the very end of the pier lay a shell as big as a loaf, which the fishermen used on such days, long ago, before there were lamps.',
      resolution:
        '{name} took a deep breath and blew. A long, low note rolled out over the water, and the fog carried it, for fog is fond of music. They waited. Then, from far away, there came an answer, and another, closer by. A smooth dark head rose from the waves. “There you are,” said the mother seal, and that was all she needed to say.',
      home: 'At the edge of the pier, {friend} turned round one more time and dived three somersaults, as a thank-you. Slowly the fog lifted, and behind it the evening was pink and gold. On the sand lay the castles. Around the biggest one somebody had put a ring of shells.',
    },
  },
  custom: {
    titles: ['{name} and the Box of “{title}”', '{name}: {title}'],
    friends: [
      ['a mouse in a postman’s cap, whose name was Quill', 'Quill'],
      ['a small fox with ink on its paws, called Fable', 'Fable'],
      ['a robin with a satchel, by the name of Merle', 'Merle'],
    ],
    setting:
      'It began with a wooden box on the windowsill that had not been there the day before. Next to it waited {intro}. On the lid, in curly letters, was painted: “{title}”. “That is the name of an adventure,” said the messenger. “It was kept for you.”',
    problem:
      'When they opened the lid all the way, the room began to change. The carpet turned into a path, the lamp into a mild sun, and in front of them stood a gate with no handle. “It only opens for those who bring something along,” said {friend}.',
    middle:
      'Behind the gate lay the land of “{title}”, just as one imagines it shortly before falling asleep. {tone} They went on together, past everything that belonged there, and wherever {name} stopped and looked closely, one more piece of it became clear and bright.',
    resolution:
      'At the end of the path there was an empty frame between two trees. “The last picture is missing,” said {friend}. {name} understood. With one finger, in the air, {name} drew what had been best that day, and it stayed there and shone. The frame was filled.',
    home: 'Then the path was a carpet again and the sun a lamp. The box had closed itself. But on the lid, beneath the curly letters, there was now a second line: “told by {name}”. {friend} saluted and was gone.',
  },
  letter: 'In the box lay a letter with just a few lines: “{seed}” {name} read it aloud.',
  cards:
    'Beneath it were small cards, each with a single word: {keywords}. {name} laid them out like stepping stones, and started with the one that said “{keyword}”.',
  tones: {
    calming: 'Everything there was slow and soft, and even the brook walked instead of running.',
    exciting: 'Behind every bend something rustled, and their hearts beat like small, merry drums.',
    educational:
      'There was something to find out on every stone, and {friend} had an answer to every second question.',
    funny: 'A signpost sneezed, a hat went for a walk by itself, and {friend} got the hiccups from laughing.',
    inspiring:
      'The further they walked, the wider the sky became, as if it wanted to say: look what you can do.',
    mysterious: 'A bluish glow lay over the meadows, and somebody had left footprints that ended in mid-air.',
    balanced: 'There was a little wind, a little sunshine, and always just enough time.',
    cheerful: 'The birds sang in thirds, and the flowers nodded along as if they knew the words.',
  },
  ages: {
    3: 'three',
    4: 'four',
    5: 'five',
    6: 'six',
    7: 'seven',
    8: 'eight',
    9: 'nine',
    10: 'ten',
    11: 'eleven',
    12: 'twelve',
  },
  and: ' and ',
  hair: {
    brown: 'brown',
    brun: 'brown',
    brune: 'brown',
    châtain: 'chestnut',
    chestnut: 'chestnut',
    black: 'black',
    noir: 'black',
    blond: 'blond',
    blonde: 'blond',
    red: 'red',
    roux: 'red',
    rousse: 'red',
    ginger: 'ginger',
    auburn: 'auburn',
    white: 'white',
    blanc: 'white',
    grey: 'grey',
    gray: 'grey',
    pink: 'pink',
    blue: 'blue',
    purple: 'purple',
    golden: 'golden',
  },
  eyes: {
    brown: 'brown',
    marron: 'brown',
    blue: 'blue',
    bleu: 'blue',
    green: 'green',
    vert: 'green',
    grey: 'grey',
    gray: 'grey',
    gris: 'grey',
    hazel: 'hazel',
    noisette: 'hazel',
    black: 'dark',
    noir: 'dark',
    dark: 'dark',
    amber: 'amber',
  },
  portrait: (age, hair, eyes) => {
    const head = [...(hair ? [`${hair} hair`] : []), ...(eyes ? [`${eyes} eyes`] : [])].join(' and ');
    return (age ? `, ${age} years old` : '') + (head ? `, with ${head}` : '');
  },
  nameSlots: () => ({}),
  quote: (text) => `“${text}”`,
  typeset: (text) => text,
};
