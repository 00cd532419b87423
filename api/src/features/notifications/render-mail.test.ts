import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailEventFacts, mailEvents } from './mail-events.ts';
import { maskValues, renderMail, sampleValues, templateProblems } from './render-mail.ts';
import { shippedTemplates } from './shipped-templates.ts';

const tagsIn = (html: string) => html.match(/<[^>]*>/g) ?? [];
const tagNames = (html: string) => tagsIn(html).map((tag) => /^<[/!]?[a-z]+/.exec(tag)?.[0]);
const body = (text: string) => ({ subject: 'Hello', body: text });
const controls = /[\p{Cc}\u2028\u2029]/u;

describe('the shipped texts', () => {
  it.each(mailEvents)('%s has no problems and renders whole with samples', (event) => {
    const template = shippedTemplates[event];
    expect(templateProblems(event, template)).toEqual([]);
    const mail = renderMail(event, template, sampleValues(event));
    expect(mail.subject).not.toMatch(/[{}]/);
    expect(mail.text).not.toMatch(/[{}]/);
    expect(mail.text.trim().split('\n\n')).toHaveLength(template.body.split('\n\n').length);
    expect(mail.html.match(/<p /g)).toHaveLength(template.body.split('\n\n').length + 1);
    expect(`${template.subject} ${template.body}`).not.toMatch(/!|please|successfully/i);
  });

  it('say what to do if it was somebody else, wherever something was done to a token', () => {
    for (const event of mailEvents.filter((name) => name.startsWith('TOKEN_') && name !== 'TOKEN_EXPIRING')) {
      expect(shippedTemplates[event].body.split('\n\n').at(-1)).toMatch(/tell your help desk/);
    }
  });

  it('carry what the event is about', () => {
    expect(shippedTemplates.ACTIVATION_LINK.body).toContain('{{activationLink}}');
    expect(shippedTemplates.ACTIVATION_CODE.body).toContain('{{activationCode}}');
    expect(shippedTemplates.ACTIVATION_LINK.body).not.toContain('activationCode');
  });

  it('have samples of the right kind', () => {
    for (const { variables } of Object.values(mailEventFacts)) {
      expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
      for (const { kind, sample } of variables) expect(/^https:/.test(sample)).toBe(kind === 'url');
    }
  });
});

describe('renderMail', () => {
  const render = (text: string, values: Record<string, string> = {}) =>
    renderMail('TOKEN_READY', body(text), { ...sampleValues('TOKEN_READY'), ...values });

  it('makes paragraphs and line breaks', () => {
    const { text, html } = render('One\r\ntwo\r\n \r\nThree\n\n\n\nFour');
    expect(text).toBe('One\ntwo\n\nThree\n\nFour\n');
    expect(html).toContain('>One<br>\ntwo</p>');
  });

  it('escapes HTML in names', () => {
    const { text, html } = render('Hello {{fullName}}', { fullName: '<img src=x onerror="a()"> & \'`' });
    expect(text).toBe('Hello <img src=x onerror="a()"> & \'`\n');
    expect(html).toContain('Hello &lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;&#96;</p>');
  });

  it('escapes HTML in the text itself', () => {
    expect(render('<script>1</script> & <b>').html).toContain(
      '&lt;script&gt;1&lt;/script&gt; &amp; &lt;b&gt;',
    );
  });

  it('does not read values as a template', () => {
    const { text } = render('Hello {{fullName}}', { fullName: '{{activationCode}}{{{userName}}}{{#a}}' });
    expect(text).toBe('Hello {{activationCode}}{{{userName}}}{{#a}}\n');
  });

  it('keeps line breaks and control characters out of the subject and the text', () => {
    const fullName = 'Eve\r\nBcc: all@example.org\r\n\r\nNew\u2028paragraph\u0000\u001b[1m\u202e';
    const mail = renderMail(
      'TOKEN_READY',
      { subject: 'For {{fullName}}', body: 'Hello {{fullName}}' },
      { fullName },
    );
    expect(mail.subject).toBe('For Eve Bcc: all@example.org New paragraph[1m');
    expect(mail.text).toBe('Hello Eve Bcc: all@example.org New paragraph[1m\n');
  });

  it('cuts a subject at 200 characters, not within one', () => {
    const template = { subject: '{{fullName}}', body: 'x' };
    const { subject } = renderMail('TEST', template, { fullName: '🔑'.repeat(300) });
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(subject.isWellFormed()).toBe(true);
    expect(subject.endsWith('🔑…')).toBe(true);
  });

  it('makes links of url variables with http or https only', () => {
    const link = 'https://symbolon.example/my?a=1&b="2';
    expect(render('{{selfServiceLink}}', { selfServiceLink: 'https://a.example/?a=1&b=2' }).html).toContain(
      '<a href="https://a.example/?a=1&amp;b=2"',
    );
    for (const value of [
      'javascript:alert(1)',
      'data:text/html,x',
      '••••••',
      link,
      'https://',
      'https://a b',
    ]) {
      expect(render('{{selfServiceLink}}', { selfServiceLink: value }).html).not.toContain('<a ');
    }
    expect(render('{{fullName}}', { fullName: 'https://a.example' }).html).not.toContain('<a ');
  });

  it('writes addresses of pages in a value so that mail programs make no link of them', () => {
    for (const [typed, shown] of [
      ['Sign in at https://evil.example/x?y=1.', 'Sign in at https[:]//evil[.]example/x?y=1[.]'],
      ['(HTTP://Evil.example)', '(HTTP[:]//Evil[.]example)'],
      ['www.evil.example', 'www[.]evil[.]example'],
      ['éhttps://evil.example', 'éhttps[:]//evil[.]example'],
      ['1https://evil.example', '1https[:]//evil[.]example'],
      ['evil.example?x=1', 'evil[.]example?x=1'],
      ['mailto:ceo@evil.example', 'mailto[:]ceo@evil[.]example'],
      ['evil.example/login, now', 'evil[.]example/login, now'],
      ['ada.ash asks for iOS 2.x, e.g. on Friday', 'ada.ash asks for iOS 2.x, e.g. on Friday'],
    ] as const) {
      const { text, html } = render('{{fullName}}', { fullName: typed });
      expect(text).toBe(`${shown}\n`);
      expect(html).toContain(`>${shown}</p>`);
    }
  });

  it('leaves out a paragraph with an empty, blank or unknown variable', () => {
    expect(render('A\n\nB {{deviceType}}\n\nC', { deviceType: '' }).text).toBe('A\n\nC\n');
    expect(render('A\n\nB {{deviceType}}\n\nC', { deviceType: ' \n ' }).text).toBe('A\n\nC\n');
    expect(render('A\n\nB {{comment}}\n\nC', { comment: 'x' }).text).toBe('A\n\nC\n');
    expect(render('A\n\nB {{toString}} {{constructor}} {{userName.length}}\n\nC').text).toBe('A\n\nC\n');
  });

  it('fetches nothing from elsewhere', () => {
    const { html } = renderMail('TEST', shippedTemplates.TEST, sampleValues('TEST'));
    expect(html).not.toMatch(/src=|url\(|<link|@import|<style|<script/i);
  });

  it('whatever the values, no tag, no header, no paragraph comes from them', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[<>"'&{}#\r\n\t\0 /:=a-z]{0,40}$/),
      fc.constantFrom(
        '<img src=x onerror=1>',
        '{{{userName}}}',
        'a\r\nBcc: b@c.d',
        '"><script>',
        'https://a/"onx=',
      ),
    );
    const values = fc.record({
      fullName: nasty,
      givenName: nasty,
      selfServiceLink: nasty,
      profileName: nasty,
    });
    fc.assert(
      fc.property(values, (given) => {
        const template = {
          subject: '{{profileName}} for {{fullName}}',
          body: 'Hello {{fullName}}{{givenName}}\n\n{{profileName}} {{selfServiceLink}}\n\nEnd',
        };
        const { subject, text, html } = renderMail('TOKEN_READY', template, given);
        expect(subject).not.toMatch(controls);
        expect(subject.length).toBeLessThanOrEqual(200);
        expect(text.replaceAll('\n', '')).not.toMatch(controls);
        const paragraphs = text
          .trim()
          .split('\n')
          .filter((line) => line !== '').length;
        expect(paragraphs).toBeLessThanOrEqual(3);
        const benign = renderMail('TOKEN_READY', template, {
          fullName: 'x',
          givenName: 'x',
          profileName: 'x',
          selfServiceLink: 'x',
        });
        const extra = tagNames(html).filter((name) => name !== '<a' && name !== '</a');
        expect(tagNames(benign.html).filter((name) => !extra.includes(name))).toEqual([]);
        expect(extra.length).toBeLessThanOrEqual(tagNames(benign.html).length);
        for (const tag of tagsIn(html).filter((found) => found.startsWith('<a'))) {
          expect(tag).toMatch(/^<a href="https?:\/\/[^"]*" style="[^"]*">$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('templateProblems', () => {
  const problems = (text: string, subject = 'Hello') => templateProblems('TEST', { subject, body: text });

  it('names unknown variables and those that are known', () => {
    expect(problems('{{fulName}}')).toEqual([
      '{{fulName}} is unknown in this mail. Known are {{productName}}, {{userName}}, {{fullName}}, {{givenName}}, {{actorName}}.',
    ]);
    expect(problems('{{activationCode}}')).toHaveLength(1);
    expect(problems('x', '{{toString}}')).toHaveLength(1);
    expect(problems('{{userName.length}} {{.}} {{}}')).toHaveLength(3);
    expect(problems('{{ userName }}')).toEqual([]);
  });

  it.each([
    '{{#userName}}x{{/userName}}',
    '{{^userName}}x{{/userName}}',
    '{{#userName}}\n\n{{/userName}}',
    '{{>userName}}',
    '{{&userName}}',
    '{{{userName}}}',
    '{{!userName}}',
    '{{=<% %>=}}<%& userName %>',
    '{{/userName}}',
  ])('refuses %j', (text) => {
    expect(problems(text)).toEqual([expect.stringContaining('Only variables')]);
    expect(() => renderMail('TEST', body(text), {})).toThrow('Only variables');
  });

  it('refuses an open tag', () => {
    expect(problems('Hello {{userName')).toEqual(['A {{ has no }} after it.']);
    expect(problems('Hello {{user\n\nName}}')).toEqual(['A {{ has no }} after it.']);
  });

  it.each(['https://evil.example', 'HTTP://a', 'see WWW.evil.example', 'Mailto:a@b'])(
    'refuses %j',
    (text) => {
      expect(problems(text)).toEqual(['Links come from variables only.']);
      expect(problems('x', text)).toEqual(['Links come from variables only.']);
    },
  );

  it('refuses what is empty, too long, or a subject of two lines', () => {
    expect(problems(' \n ')).toEqual(['The text is empty.']);
    expect(problems('x', ' ')).toEqual(['The subject is empty.']);
    expect(problems('x'.repeat(5000), 'x'.repeat(200))).toEqual([]);
    expect(problems('x'.repeat(5001), 'x'.repeat(201))).toHaveLength(2);
    expect(problems('x', 'a\nb')).toEqual(['The subject has more than one line.']);
  });

  it('refuses a mail that leaves out what it is for', () => {
    const template = { subject: 'Activate', body: 'Open {{selfServiceLink}}' };
    expect(templateProblems('ACTIVATION_LINK', template)).toEqual([
      'Without {{activationLink}} this mail is of no use.',
    ]);
  });

  it('refuses secrets in the subject', () => {
    const template = { subject: 'Code {{activationCode}}', body: '{{ctKipUrl}} {{activationCode}}' };
    expect(templateProblems('ACTIVATION_CODE', template)).toEqual([expect.stringContaining('is secret')]);
  });
});

describe('maskValues', () => {
  it('masks secrets and nothing else', () => {
    const masked = maskValues('ACTIVATION_CODE', { activationCode: '123', linkMinutes: '60' });
    expect(masked).toEqual({ activationCode: '••••••', ctKipUrl: '••••••', linkMinutes: '60' });
    const { text, html } = renderMail('ACTIVATION_CODE', shippedTemplates.ACTIVATION_CODE, {
      ...sampleValues('ACTIVATION_CODE'),
      ...masked,
    });
    expect(text).toContain('Activation code: ••••••');
    expect(`${text}${html}`).not.toMatch(/184029375516|symbolon\.example\/ctkip/);
  });
});
