import { type Animal, face } from './animal.js';
import { type Color, darker, lighter } from './color.js';
import { circle, ellipse, path, stroke } from './svg.js';

interface Coat {
  readonly fur: Color;
  readonly belly: Color;
  readonly ears: 'pointed' | 'round' | 'long' | 'floppy' | 'none';
  readonly tail: 'thin' | 'bushy' | 'puff' | 'none';
  readonly nose?: Color;
  readonly stripes?: boolean;
  readonly mane?: Color;
  readonly patches?: Color;
  readonly horns?: boolean;
}

/** A furry animal that sits and looks at us. */
export function sitting(coat: Coat): Animal['draw'] {
  return (lit) => {
    const fur = lit(coat.fur);
    const belly = lit(coat.belly);
    const shade = darker(fur, 0.16);
    const nose = lit(coat.nose ?? '#3a2a33');
    return [
      ellipse(0, 0, 50, 9, '#1b1436', { opacity: 0.2 }),
      tailOf(coat.tail, fur, belly),
      path('M0 -92C34 -92 46 -40 42 -8Q40 2 28 2L-28 2Q-40 2 -42 -8C-46 -40 -34 -92 0 -92Z', fur),
      ellipse(0, -30, 24, 30, belly),
      ellipse(-20, 0, 16, 9, lighter(fur, 0.12)),
      ellipse(20, 0, 16, 9, lighter(fur, 0.12)),
      coat.mane ? circle(0, -98, 58, lit(coat.mane)) : '',
      earsOf(coat.ears, fur, belly, coat.patches ? lit(coat.patches) : undefined),
      coat.horns
        ? path(
            'M-20 -136Q-30 -154 -22 -162Q-12 -154 -10 -140ZM20 -136Q30 -154 22 -162Q12 -154 10 -140Z',
            lit('#f3e2c0'),
          )
        : '',
      path(
        'M0 -142C36 -142 50 -116 48 -94C46 -70 26 -58 0 -58C-26 -58 -46 -70 -48 -94C-50 -116 -36 -142 0 -142Z',
        fur,
      ),
      coat.stripes
        ? stroke(
            'M-6 -140V-126M8 -140V-126M-44 -100L-32 -98M44 -100L32 -98M-40 -44L-30 -42M40 -44L30 -42',
            darker(fur, 0.5),
            5,
          )
        : '',
      coat.patches
        ? ellipse(-19, -98, 14, 16, lit(coat.patches)) + ellipse(19, -98, 14, 16, lit(coat.patches))
        : '',
      ellipse(0, -76, 22, 15, belly),
      coat.patches ? circle(-18, -98, 8, '#ffffff') + circle(18, -98, 8, '#ffffff') : '',
      face(-98, 18, 6.5),
      path('M-7 -84Q0 -88 7 -84Q5 -77 0 -76Q-5 -77 -7 -84Z', nose),
      stroke('M0 -76Q-1 -69 -9 -68M0 -76Q1 -69 9 -68', darker(shade, 0.3), 3),
      ellipse(-31, -82, 7, 4.5, '#ff8a94', { opacity: 0.4 }),
      ellipse(31, -82, 7, 4.5, '#ff8a94', { opacity: 0.4 }),
    ].join('');
  };
}

function tailOf(tail: Coat['tail'], fur: Color, belly: Color): string {
  if (tail === 'thin') return stroke('M34 -10C70 -8 76 -40 62 -62', darker(fur, 0.14), 13);
  if (tail === 'puff') return circle(40, -14, 15, lighter(belly, 0.3));
  if (tail === 'bushy')
    return (
      path('M30 -6C74 2 92 -34 78 -84C66 -62 44 -54 30 -30Z', darker(fur, 0.1)) +
      path('M78 -84C66 -68 62 -66 56 -58C66 -52 78 -54 83 -56C83 -66 81 -76 78 -84Z', belly)
    );
  return '';
}

function earsOf(ears: Coat['ears'], fur: Color, inside: Color, ear: Color = fur): string {
  const both = (draw: (side: 1 | -1) => string) => draw(1) + draw(-1);
  switch (ears) {
    case 'pointed':
      return both(
        (side) =>
          path(
            `M${side * 14} -134Q${side * 34} -172 ${side * 44} -168Q${side * 50} -140 ${side * 44} -108Z`,
            ear,
          ) +
          path(
            `M${side * 24} -132Q${side * 36} -156 ${side * 41} -156Q${side * 44} -138 ${side * 40} -120Z`,
            inside,
          ),
      );
    case 'round':
      return both((side) => circle(side * 36, -134, 19, ear) + circle(side * 36, -132, 10, inside));
    case 'long':
      return both(
        (side) =>
          path(
            `M${side * 6} -132C${side * 2} -170 ${side * 10} -206 ${side * 26} -204C${side * 42} -200 ${side * 36} -160 ${side * 28} -128Z`,
            ear,
          ) +
          path(
            `M${side * 13} -136C${side * 12} -166 ${side * 17} -190 ${side * 25} -189C${side * 33} -186 ${side * 28} -158 ${side * 23} -134Z`,
            '#f7b7bd',
          ),
      );
    case 'floppy':
      return both((side) =>
        path(
          `M${side * 30} -136C${side * 58} -142 ${side * 66} -100 ${side * 54} -74C${side * 42} -76 ${side * 38} -104 ${side * 30} -136Z`,
          darker(ear, 0.2),
        ),
      );
    case 'none':
      return '';
  }
}
